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
        message: 'deletes objects of 29d, younger than 30d',
        value: 29 * DAY,
        allowed: '30d (2592000 seconds) or more',
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
          allowed: 'Age, 30d (2592000 seconds) or more',
        },
      ])
    },
  )

  test.each<[string, unknown]>([
    ['an age beside a date', { type: 'Date', date: '2099-01-01T00:00:00Z', maxAge: 90 * DAY }],
    ['a condition without an age', { type: 'Age' }],
    ['a condition with an age of null', { type: 'Age', maxAge: null }],
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
    ['is null', { prefix: null }, null],
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

test.each([undefined, null, {}])('conditions of %j name no prefix', (conditions) => {
  expect(pointersOf(judged({ requirePrefix: true }, deleting(afterDays(1), { conditions })))).toEqual([
    '/rules/0/conditions/prefix',
  ])
})

describe('a prefix of some length', () => {
  const below = (prefix: string) => deleting(afterDays(1), { conditions: { prefix } })

  test.each(['tmp/', 'tmp/a'])('of 4 characters is named by %j', (prefix) => {
    expect(judged({ minPrefixLength: 4 }, below(prefix))).toEqual([])
  })

  test.each(['', 'a', 'tmp'])('of 4 characters is not named by %j', (prefix) => {
    expect(judged({ minPrefixLength: 4 }, below(prefix))).toEqual([
      {
        pointer: '/rules/0/conditions/prefix',
        message: 'a rule that deletes must name a prefix of 4 characters or more',
        value: prefix,
        allowed: '4 characters or more',
      },
    ])
  })

  test('refuses the 36 letters and digits that requirePrefix lets stand', () => {
    const each = [...'abcdefghijklmnopqrstuvwxyz0123456789'].map(below)
    expect(judged({ requirePrefix: true }, ...each)).toEqual([])
    expect(judged({ minPrefixLength: 2 }, ...each)).toHaveLength(36)
  })
})

describe('a prefix that is one of some', () => {
  const prefixes = ['tmp/', 'logs/']
  const below = (prefix?: string) => deleting(afterDays(1), { conditions: { prefix } })

  test.each(['tmp/', 'tmp/old/', 'logs/2026'])('is %j', (prefix) => {
    expect(judged({ prefixes }, below(prefix))).toEqual([])
  })

  test.each(['', 'tmp', 't', 'data/', 'Tmp/', undefined])('is not %j', (prefix) => {
    expect(judged({ prefixes }, below(prefix))).toMatchObject([
      { pointer: '/rules/0/conditions/prefix', value: prefix ?? null, allowed: prefixes },
    ])
  })

  test('is none where none is named', () => {
    expect(judged({ prefixes: [] }, below('tmp/'))).toHaveLength(1)
  })
})

describe('the rule that aborts unfinished uploads, which every new bucket has,', () => {
  const kept = { keepDefaultAbort: true }
  const aborting = (maxAge: number, change: object = {}) => ({
    id: 'Default Multipart Abort Rule',
    enabled: true,
    conditions: { prefix: '' },
    abortMultipartUploadsTransition: { condition: { type: 'Age', maxAge } },
    ...change,
  })

  test.each<[string, unknown[]]>([
    ['as it is', [aborting(7 * DAY)]],
    ['beside another', [deleting(afterDays(1)), aborting(7 * DAY)]],
    ['under another name', [aborting(7 * DAY, { id: 'uploads' })]],
    ['sooner', [aborting(DAY)]],
    ['without conditions, which is the whole bucket', [aborting(7 * DAY, { conditions: {} })]],
  ])('is kept %s', (_, rules) => {
    expect(judged(kept, ...rules)).toEqual([])
  })

  test.each<[string, unknown[], string]>([
    ['by nothing', [], '/rules'],
    ['by other rules', [deleting(afterDays(1))], '/rules'],
    ['when it is off', [aborting(7 * DAY, { enabled: false })], '/rules'],
    ['on a part of the bucket', [aborting(7 * DAY, { conditions: { prefix: 'a' } })], '/rules'],
    ['when it is later', [aborting(7 * DAY + 1)], '/rules'],
    ['without an age', [aborting(0, { abortMultipartUploadsTransition: {} })], '/rules'],
    [
      'when a second rule of its id could take its place',
      [aborting(7 * DAY), aborting(70 * DAY)],
      '/rules/1/id',
    ],
  ])('is not kept %s', (_, rules, pointer) => {
    expect(pointersOf(judged(kept, ...rules))).toEqual([pointer])
  })

  test('is shown whole to whom it is missing', () => {
    expect(JSON.stringify(judged(kept))).toContain('604800')
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
    ['a transition that is empty', { ...everywhere, deleteObjectsTransition: {} }],
    ['a transition that is null', { ...everywhere, deleteObjectsTransition: null }],
    ['a transition without a condition', { ...everywhere, deleteObjectsTransition: { condition: null } }],
  ])('%s', (_, rule) => {
    expect(judged(strict, rule)).toEqual([])
  })

  test('no rules at all', () => {
    expect(judged(strict)).toEqual([])
  })

  test.each([{}, { rules: null }, { rules: [] }])('no rules, as %j says it', (body) => {
    expect(judge('lifecycle', strict, { body })).toEqual([])
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
  ['an age as a list', deleting({ type: 'Age', maxAge: [9999999] }), `${condition}/maxAge`],
  ['an age that is true', deleting({ type: 'Age', maxAge: true }), `${condition}/maxAge`],
  ['a type that is missing', deleting({ maxAge: 9999999 }), `${condition}/type`],
  ['a type that is null', deleting({ type: null, maxAge: 9999999 }), `${condition}/type`],
  ['a condition as a list', deleting([afterDays(90)]), condition],
  ['enabled as a text', deleting(afterDays(1), { enabled: 'false' }), '/rules/0/enabled'],
  ['enabled as a number', deleting(afterDays(1), { enabled: 0 }), '/rules/0/enabled'],
  ['enabled that is missing', deleting(afterDays(1), { enabled: undefined }), '/rules/0/enabled'],
  ['enabled that is null', deleting(afterDays(1), { enabled: null }), '/rules/0/enabled'],
  ['conditions as a list', deleting(afterDays(90), { conditions: ['logs/'] }), '/rules/0/conditions'],
  [
    'a prefix as a list',
    deleting(afterDays(90), { conditions: { prefix: ['a'] } }),
    '/rules/0/conditions/prefix',
  ],
])('%s cannot be read, and is refused by place', (_, rule, pointer) => {
  expect(pointersOf(judged(month, rule))).toEqual([pointer])
})
