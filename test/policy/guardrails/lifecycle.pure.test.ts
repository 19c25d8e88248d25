import { describe, expect, test } from 'vitest'
import { judge, pointersOf } from './judge.ts'

const DAY = 86_400
const afterDays = (days: number) => ({ type: 'Age', maxAge: days * DAY })
const onDate = (date: string) => ({ type: 'Date', date })

/** A rule that deletes what is under `logs/` on a condition. */
const deleting = (condition: unknown, change: object = {}) => ({
  id: 'expire',
  enabled: true,
  conditions: { prefix: 'logs/' },
  deleteObjectsTransition: { condition },
  ...change,
})

const judged = (options: unknown, ...rules: unknown[]) => judge('lifecycle', options, { body: { rules } })
const month = { minDeleteAge: '30d' }

describe('the least age of what may be deleted', () => {
  test.each([
    ['30d', 30 * DAY],
    ['30d', 30 * DAY + 1],
    ['30d', Number.MAX_SAFE_INTEGER],
    ['12h', 12 * 3600],
    ['999999d', 999_999 * DAY],
  ])('%s is kept by %d seconds', (minDeleteAge, maxAge) => {
    expect(judged({ minDeleteAge }, deleting({ type: 'Age', maxAge }))).toEqual([])
  })

  test.each([
    ['30d', 30 * DAY - 1],
    ['30d', 30],
    ['30d', 0],
    ['30d', -1],
    ['30d', 29 * DAY + 0.999],
    ['12h', 12 * 3600 - 1],
  ])('%s is not kept by %d seconds', (minDeleteAge, maxAge) => {
    expect(pointersOf(judged({ minDeleteAge }, deleting({ type: 'Age', maxAge })))).toEqual([
      '/rules/0/deleteObjectsTransition/condition/maxAge',
    ])
  })

  test('is told with the value and the seconds that may stand', () => {
    expect(judged(month, deleting(afterDays(29)))).toEqual([
      {
        pointer: '/rules/0/deleteObjectsTransition/condition/maxAge',
        message: 'deletes objects of 2505600 seconds, younger than 30d',
        value: 29 * DAY,
        allowed: '2592000 seconds or more',
      },
    ])
  })

  test.each(['2024-12-31T23:59:59Z', '2099-01-01T00:00:00Z'])(
    'is not kept by a deletion on %s, which spares no young object',
    (date) => {
      expect(judged(month, deleting(onDate(date)))).toEqual([
        {
          pointer: '/rules/0/deleteObjectsTransition/condition/type',
          message: 'deletes by date, whatever the age of the object',
          value: 'Date',
          allowed: 'Age, 30d or more',
        },
      ])
    },
  )

  test.each<[string, unknown]>([
    ['an age beside a date', { type: 'Date', date: '2099-01-01T00:00:00Z', maxAge: 90 * DAY }],
    ['a condition without an age', { type: 'Age' }],
    ['a type in lower case', { type: 'age', maxAge: 90 * DAY }],
    ['a type that is not known', { type: 'Never', maxAge: 90 * DAY }],
  ])('is not kept by %s', (_, condition) => {
    expect(pointersOf(judged(month, deleting(condition)))).toEqual([
      '/rules/0/deleteObjectsTransition/condition/type',
    ])
  })
})

describe('a prefix that must be named', () => {
  const named = { requirePrefix: true }
  const nowhere = { pointer: '/rules/0/conditions/prefix', message: 'a rule that deletes must name a prefix' }

  test.each(['logs/', '/', ' ', '*'])('is named by %j', (prefix) => {
    expect(judged(named, deleting(afterDays(1), { conditions: { prefix } }))).toEqual([])
  })

  test.each<[string, object, unknown]>([
    ['is empty', { prefix: '' }, ''],
    ['is missing', {}, null],
    ['is one that a prototype would give', JSON.parse('{"__proto__": {"prefix": "logs/"}}'), null],
  ])('is refused when it %s', (_, conditions, value) => {
    expect(judged(named, deleting(afterDays(1), { conditions }))).toEqual([
      { ...nowhere, value, allowed: 'a prefix that is not empty' },
    ])
  })

  test('is demanded of a deletion by date too', () => {
    const rule = deleting(onDate('2099-01-01T00:00:00Z'), { conditions: {} })
    expect(pointersOf(judged(named, rule))).toEqual(['/rules/0/conditions/prefix'])
  })

  test('leaves the age free', () => {
    expect(judged(named, deleting({ type: 'Age', maxAge: 0 }))).toEqual([])
  })
})

test('both demands on one rule are told at once', () => {
  const rule = deleting(afterDays(1), { conditions: { prefix: '' } })
  expect(pointersOf(judged({ minDeleteAge: '30d', requirePrefix: true }, rule))).toEqual([
    '/rules/0/conditions/prefix',
    '/rules/0/deleteObjectsTransition/condition/maxAge',
  ])
})

test('of many rules those at fault are told, by their place', () => {
  const rules = [
    deleting(afterDays(30)),
    deleting(afterDays(1)),
    deleting(afterDays(90)),
    deleting(onDate('x')),
  ]
  expect(pointersOf(judged(month, ...rules))).toEqual([
    '/rules/1/deleteObjectsTransition/condition/maxAge',
    '/rules/3/deleteObjectsTransition/condition/type',
  ])
})

describe('what deletes nothing passes:', () => {
  const strict = { minDeleteAge: '30d', requirePrefix: true }
  const everywhere = { id: 'a', enabled: true, conditions: { prefix: '' } }

  test.each<[string, object]>([
    ['a rule that is disabled', deleting(afterDays(1), { enabled: false, conditions: {} })],
    ['a disabled rule with a date', deleting(onDate('2020-01-01T00:00:00Z'), { enabled: false })],
    [
      'the default rule, which aborts multipart uploads everywhere',
      { ...everywhere, abortMultipartUploadsTransition: { condition: afterDays(7) } },
    ],
    [
      'a young move to another storage class',
      {
        ...everywhere,
        storageClassTransitions: [{ condition: afterDays(1), storageClass: 'InfrequentAccess' }],
      },
    ],
    [
      'a move to another storage class on a date',
      {
        ...everywhere,
        storageClassTransitions: [{ condition: onDate('2024-01-01'), storageClass: 'InfrequentAccess' }],
      },
    ],
    ['a rule without any transition', everywhere],
  ])('%s', (_, rule) => {
    expect(judged(strict, rule)).toEqual([])
  })

  test('no rules at all', () => {
    expect(judged(strict)).toEqual([])
  })

  test('but not a rule that deletes beside it', () => {
    const rule = { ...everywhere, abortMultipartUploadsTransition: { condition: afterDays(7) } }
    expect(pointersOf(judged(month, rule, deleting(afterDays(7))))).toEqual([
      '/rules/1/deleteObjectsTransition/condition/maxAge',
    ])
  })
})

const condition = '/rules/0/deleteObjectsTransition/condition'

test.each<[string, object, string]>([
  ['an age as a text', deleting({ type: 'Age', maxAge: '9999999' }), `${condition}/maxAge`],
  ['an age that is null', deleting({ type: 'Age', maxAge: null }), `${condition}/maxAge`],
  ['an age as a list', deleting({ type: 'Age', maxAge: [9999999] }), `${condition}/maxAge`],
  ['an age that is true', deleting({ type: 'Age', maxAge: true }), `${condition}/maxAge`],
  ['a type that is missing', deleting({ maxAge: 9999999 }), `${condition}/type`],
  ['a type that is null', deleting({ type: null, maxAge: 9999999 }), `${condition}/type`],
  ['a condition that is null', deleting(null), condition],
  ['a condition as a list', deleting([afterDays(90)]), condition],
  ['a condition that is missing', { ...deleting(0), deleteObjectsTransition: {} }, condition],
  ['a transition that is null', { ...deleting(0), deleteObjectsTransition: null }, condition.slice(0, -10)],
  ['enabled as a text', deleting(afterDays(1), { enabled: 'false' }), '/rules/0/enabled'],
  ['enabled as a number', deleting(afterDays(1), { enabled: 0 }), '/rules/0/enabled'],
  ['enabled that is missing', deleting(afterDays(1), { enabled: undefined }), '/rules/0/enabled'],
  ['enabled that is null', deleting(afterDays(1), { enabled: null }), '/rules/0/enabled'],
  ['conditions as a list', deleting(afterDays(90), { conditions: ['logs/'] }), '/rules/0/conditions'],
  [
    'a prefix that is null',
    deleting(afterDays(90), { conditions: { prefix: null } }),
    '/rules/0/conditions/prefix',
  ],
  [
    'a prefix as a list',
    deleting(afterDays(90), { conditions: { prefix: ['a'] } }),
    '/rules/0/conditions/prefix',
  ],
])('%s cannot be read, and is refused by place', (_, rule, pointer) => {
  expect(pointersOf(judged(month, rule))).toEqual([pointer])
})
