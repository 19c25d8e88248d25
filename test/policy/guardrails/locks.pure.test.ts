import { describe, expect, test } from 'vitest'
import { judge, pointersOf } from './judge.ts'
import { age, DAY, deleted, forever, neverWeaken, replaced, rule, until } from './locks.cases.ts'

const retention = { minRetention: '30d' }

describe('the least retention', () => {
  test.each<[string, unknown[]]>([
    ['exactly that age', [rule(age(30))]],
    ['a longer age', [rule(age(31))]],
    ['a lock without end', [rule(forever)]],
    [
      'a disabled rule that is too short beside one that is not',
      [rule(age(30)), rule(age(1), { id: 'b', enabled: false })],
    ],
  ])('is kept by %s', (_, rules) => {
    expect(replaced([], rules, retention)).toEqual([])
  })

  test.each<[string, unknown[], string]>([
    [
      'an age a second shorter',
      [rule({ type: 'Age', maxAgeSeconds: 30 * DAY - 1 })],
      '/rules/0/condition/maxAgeSeconds',
    ],
    ['an age of zero', [rule(age(0))], '/rules/0/condition/maxAgeSeconds'],
    ['an age that is missing', [rule({ type: 'Age' })], '/rules/0/condition/maxAgeSeconds'],
    [
      'a date, near which objects are kept for less',
      [rule(until('2099-01-01T00:00:00Z'))],
      '/rules/0/condition/type',
    ],
    ['one rule of several', [rule(forever), rule(age(1), { id: 'b' })], '/rules/1/condition/maxAgeSeconds'],
    ['no rules', [], '/rules'],
    ['no rule that is enabled', [rule(age(30), { enabled: false })], '/rules'],
  ])('is not kept by %s', (_, rules, pointer) => {
    expect(pointersOf(replaced([], rules, retention))).toEqual([pointer])
  })

  test('is told with the value and the seconds that may stand', () => {
    expect(replaced([], [rule(age(1))], retention)).toEqual([
      {
        pointer: '/rules/0/condition/maxAgeSeconds',
        message: '86400 seconds are less than 30d',
        value: DAY,
        allowed: 'Age, 2592000 seconds or more, or Indefinite',
      },
    ])
  })

  test('tells of an empty list what it demands', () => {
    expect(replaced([], [], retention)).toEqual([
      { pointer: '/rules', message: 'no rule is enabled', value: 0, allowed: 'a lock of 30d or more' },
    ])
  })

  test('does not ask what is there, so an unknown answer does not matter', () => {
    expect(judge('locks', retention, { body: { rules: [rule(forever)] } })).toEqual([])
  })

  test('alone lets a rule be shortened down to it', () => {
    expect(replaced([rule(age(90))], [rule(age(30))], retention)).toEqual([])
  })
})

test('a rule that is weakened below the least retention is told twice, once by each demand', () => {
  const options = { ...neverWeaken, ...retention }
  expect(pointersOf(replaced([rule(age(90))], [rule(age(1))], options))).toEqual([
    '/rules/0',
    '/rules/0/condition/maxAgeSeconds',
  ])
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
  ['rules that are missing', {}, '/rules'],
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
  ['rules that stand in __proto__', JSON.parse('{"__proto__": {"rules": []}}'), '/rules'],
])('%s cannot be read, and are refused by place', (_, body, pointer) => {
  const current = { 'buckets.locks.get': { rules: [] } }
  expect(pointersOf(judge('locks', neverWeaken, { body, current }))).toEqual([pointer])
})
