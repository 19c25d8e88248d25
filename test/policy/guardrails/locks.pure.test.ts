import { describe, expect, test } from 'vitest'
import { judge, pointersOf } from './judge.ts'
import { age, DAY, deleted, forever, neverWeaken, replaced, rule, until } from './locks.cases.ts'

const retention = { minRetention: '30d' }
/** A rule on the whole bucket. */
const whole = (condition: unknown, change: object = {}) => rule(condition, { prefix: '', ...change })

describe('the least retention', () => {
  test.each<[string, unknown[]]>([
    ['exactly that age', [whole(age(30))]],
    ['a longer age', [whole(age(31))]],
    ['a lock without end', [whole(forever)]],
    ['a rule without a prefix', [rule(age(30), { prefix: undefined })]],
    ['a rule with a prefix of null', [rule(age(30), { prefix: null })]],
    ['one rule beside a shorter one', [whole(age(30)), rule(age(1), { id: 'b' })]],
    ['one rule beside a shorter one on all', [whole(age(1), { id: 'b' }), whole(age(30))]],
    ['one rule beside one that is off', [whole(age(30)), rule(age(1), { id: 'b', enabled: false })]],
  ])('is kept by %s', (_, rules) => {
    expect(replaced([], rules, retention)).toEqual([])
  })

  test.each<[string, unknown[], string]>([
    [
      'an age a second shorter',
      [whole({ type: 'Age', maxAgeSeconds: 30 * DAY - 1 })],
      '/rules/0/condition/maxAgeSeconds',
    ],
    ['an age of zero', [whole(age(0))], '/rules/0/condition/maxAgeSeconds'],
    ['an age that is missing', [whole({ type: 'Age' })], '/rules/0/condition/maxAgeSeconds'],
    [
      'a date, near which objects are kept for less',
      [whole(until('2099-01-01T00:00:00Z'))],
      '/rules/0/condition/type',
    ],
    ['a rule on a prefix that nobody uses', [rule(forever, { prefix: 'zzz/' })], '/rules'],
    [
      'a long rule on a part, and a short one on all',
      [rule(forever), whole(age(1), { id: 'b' })],
      '/rules/1/condition/maxAgeSeconds',
    ],
    ['rules on every letter', [...'abc'].map((id) => rule(forever, { id, prefix: id })), '/rules'],
    ['no rules', [], '/rules'],
    ['no rule that is enabled', [whole(age(30), { enabled: false })], '/rules'],
  ])('is not kept by %s', (_, rules, pointer) => {
    expect(pointersOf(replaced([], rules, retention))).toEqual([pointer])
  })

  test('is told with the value, and with what may stand in the unit of the policy', () => {
    expect(replaced([], [whole(age(1))], retention)).toEqual([
      {
        pointer: '/rules/0/condition/maxAgeSeconds',
        message: 'a lock of 1d is shorter than 30d',
        value: DAY,
        allowed: 'Age, 30d (2592000 seconds) or more, or Indefinite',
      },
    ])
  })

  test('tells of an empty list what it demands', () => {
    expect(replaced([], [], retention)).toEqual([
      {
        pointer: '/rules',
        message: 'no enabled rule locks the whole bucket for 30d',
        value: 0,
        allowed: 'a rule that locks the whole bucket for 30d (2592000 seconds) or more, or without end',
      },
    ])
  })

  test('does not ask what is there, so an unknown answer does not matter', () => {
    expect(judge('locks', retention, { body: { rules: [whole(forever)] } })).toEqual([])
  })

  test('alone lets a rule be shortened down to it', () => {
    expect(replaced([whole(age(90))], [whole(age(30))], retention)).toEqual([])
  })
})

describe('the least retention on some prefixes', () => {
  const options = { minRetention: '30d', prefixes: ['audit/', 'tax/'] }

  test.each<[string, unknown[]]>([
    ['a rule on each', [rule(age(30), { prefix: 'audit/' }), rule(age(30), { id: 'b', prefix: 'tax/' })]],
    ['a rule on the whole bucket', [whole(age(30))]],
    [
      'a rule on more than one of them',
      [rule(age(30), { prefix: 'a' }), rule(forever, { id: 'b', prefix: 'tax' })],
    ],
  ])('is kept by %s', (_, rules) => {
    expect(replaced([], rules, options)).toEqual([])
  })

  test('is not kept on one by a rule on the other', () => {
    expect(replaced([], [rule(age(30), { prefix: 'tax/' })], options)).toMatchObject([
      { pointer: '/rules', message: 'no enabled rule locks all of prefix "audit/" for 30d' },
    ])
  })

  test('is not kept by a rule on a part of one', () => {
    const rules = [rule(age(30), { prefix: 'audit/2026/' }), rule(age(30), { id: 'b', prefix: 'tax/' })]
    expect(pointersOf(replaced([], rules, options))).toEqual(['/rules'])
  })
})

test.each<[string, object]>([
  ['neverWeaken', neverWeaken],
  ['minRetention', retention],
])('under %s a second rule of an id is refused: upstream may keep either', (_, options) => {
  const rules = [whole(forever), whole(age(0), { enabled: false })]
  expect(replaced([whole(forever)], rules, options)).toEqual([
    {
      pointer: '/rules/1/id',
      message: 'a second rule has the id "keep"',
      value: 'keep',
      allowed: 'an id of its own for each rule',
    },
  ])
})

test('rules without an id are none of one id', () => {
  const rules = [whole(forever, { id: undefined }), rule(age(30), { id: null }), rule(age(30), { id: '' })]
  expect(replaced([], rules)).toEqual([])
})

test('a rule that is weakened below the least retention is told twice, once by each demand', () => {
  const options = { ...neverWeaken, ...retention }
  expect(pointersOf(replaced([whole(age(90))], [whole(age(1))], options))).toEqual([
    '/rules/0',
    '/rules/0/condition/maxAgeSeconds',
  ])
})

test.each([{}, { rules: null }, { rules: [] }])('%j asks for no rules, and is judged so', (body) => {
  const current = { 'buckets.locks.get': { rules: [whole(forever)] } }
  expect(pointersOf(judge('locks', neverWeaken, { body, current }))).toEqual(['/rules'])
  expect(pointersOf(judge('locks', retention, { body }))).toEqual(['/rules'])
})

describe.each<[string, object]>([
  ['neverWeaken', neverWeaken],
  ['minRetention', retention],
])('under %s, a bucket', (_, options) => {
  test.each<[string, unknown[]]>([
    ['without lock rules', []],
    ['with a disabled lock', [rule(forever, { enabled: false })]],
    ['with a date lock that has expired', [rule(until('2026-11-22T12:00:00Z'))]],
  ])('%s may be deleted', (_, rules) => {
    expect(deleted({ rules }, options)).toEqual([])
  })

  test.each<[string, unknown]>([
    ['an age', age(1)],
    ['an age of zero', age(0)],
    ['a date to come', until('2026-11-22T12:00:01Z')],
    ['a date that cannot be read', until('?')],
    ['no end', forever],
  ])('with a lock of %s may not be deleted', (_, condition) => {
    expect(deleted({ rules: [rule(condition)] }, options)).toEqual([
      {
        pointer: '',
        message: 'deleting the bucket would remove its lock rule keep',
        value: null,
        allowed: 'a bucket without lock rules in force',
      },
    ])
  })

  test('names each lock that its deletion would remove', () => {
    const rules = [rule(forever), rule(age(1), { id: 'b' }), rule(age(1), { id: 'c', enabled: false })]
    expect(deleted({ rules }, options)).toHaveLength(2)
  })

  test.each([undefined, null, {}, [], { rules: null }, { rules: [{}] }, '', 0])(
    'whose locks are known only as %j may not be deleted',
    (current) => {
      expect(deleted(current, options)).toHaveLength(1)
    },
  )
})

test.each<[string, unknown, string]>([
  ['a rule that is null', { rules: [null] }, '/rules/0'],
  ['a condition that is missing', { rules: [{ id: 'a', enabled: true }] }, '/rules/0/condition'],
  ['a condition as a list', { rules: [rule([age(90)])] }, '/rules/0/condition'],
  ['a type in lower case', { rules: [rule({ type: 'indefinite' })] }, '/rules/0/condition/type'],
  [
    'an age as a text',
    { rules: [rule({ type: 'Age', maxAgeSeconds: '9999999' })] },
    '/rules/0/condition/maxAgeSeconds',
  ],
  [
    'an age that is null',
    { rules: [rule({ type: 'Age', maxAgeSeconds: null })] },
    '/rules/0/condition/maxAgeSeconds',
  ],
  ['a date as a number', { rules: [rule({ type: 'Date', date: 4102444800000 })] }, '/rules/0/condition/date'],
  ['enabled as a text', { rules: [rule(forever, { enabled: 'true' })] }, '/rules/0/enabled'],
  ['enabled that is missing', { rules: [rule(forever, { enabled: undefined })] }, '/rules/0/enabled'],
  ['a prefix as a list', { rules: [rule(forever, { prefix: [''] })] }, '/rules/0/prefix'],
])('%s cannot be read, and are refused by place', (_, body, pointer) => {
  const current = { 'buckets.locks.get': { rules: [] } }
  expect(pointersOf(judge('locks', neverWeaken, { body, current }))).toEqual([pointer])
})
