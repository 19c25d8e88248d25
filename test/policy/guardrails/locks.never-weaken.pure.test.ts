import { describe, expect, test } from 'vitest'
import { judge, pointersOf } from './judge.ts'
import { age, DAY, forever, NOW, neverWeaken, replaced, rule, until } from './locks.cases.ts'

const month = rule(age(30))

describe('passes, as it weakens nothing:', () => {
  test.each<[string, unknown[], unknown[]]>([
    ['the same rule', [month], [month]],
    ['no rules where none were', [], []],
    ['a first rule', [], [rule(age(1))]],
    ['one more rule', [month], [month, rule(age(1), { id: 'other', prefix: '' })]],
    ['a longer age', [month], [rule(age(31))]],
    ['an age without end', [month], [rule(forever)]],
    ['a later date', [rule(until('2027-01-01T00:00:00Z'))], [rule(until('2027-01-02T00:00:00Z'))]],
    ['a date without end', [rule(until('2027-01-01T00:00:00Z'))], [rule(forever)]],
    [
      'the same instant in another zone',
      [rule(until('2027-01-01T00:00:00Z'))],
      [rule(until('2027-01-01T02:00:00+02:00'))],
    ],
    ['a broader prefix', [month], [rule(age(30), { prefix: 'log' })]],
    ['no prefix, which is all objects', [month], [rule(age(30), { prefix: undefined })]],
    ['an empty prefix, which is all objects', [month], [rule(age(30), { prefix: '' })]],
    ['an empty prefix for none', [rule(age(30), { prefix: undefined })], [rule(age(30), { prefix: '' })]],
    ['another id for the same lock', [month], [rule(age(30), { id: 'renamed' })]],
    [
      'another order',
      [month, rule(forever, { id: 'b', prefix: 'x' })],
      [rule(forever, { id: 'b', prefix: 'x' }), month],
    ],
    [
      'two rules in one that is broader and longer',
      [month, rule(age(7), { id: 'b', prefix: 'logs/b' })],
      [rule(age(30), { id: 'c', prefix: 'l' })],
    ],
    [
      'another rule that locks as much, where one is removed',
      [month],
      [rule(age(60), { id: 'new', prefix: '' })],
    ],
    [
      'another rule that locks as much, where one is disabled',
      [month],
      [rule(age(30), { enabled: false }), rule(age(30), { id: 'new' })],
    ],
    ['a disabled rule that is removed', [rule(age(30), { enabled: false })], []],
    [
      'a disabled rule that is shortened',
      [rule(age(30), { enabled: false })],
      [rule(age(1), { enabled: false })],
    ],
    ['a disabled rule that is enabled', [rule(age(30), { enabled: false })], [month]],
    ['an expired date lock that is removed', [rule(until('2026-11-22T11:59:59Z'))], []],
    ['a date lock that expires at this instant, removed', [rule(until('2026-11-22T12:00:00Z'))], []],
    [
      'an expired date lock that is moved earlier',
      [rule(until('2026-11-01T00:00:00Z'))],
      [rule(until('2020-01-01T00:00:00Z'))],
    ],
    ['a lock that expired by its own zone', [rule(until('2026-11-22T13:59:00+02:00'))], []],
  ])('%s', (_, current, asked) => {
    expect(replaced(current, asked)).toEqual([])
  })
})

describe('is refused, as it weakens a rule in force:', () => {
  test.each<[string, unknown[], unknown[], string]>([
    ['the rule disabled', [month], [rule(age(30), { enabled: false })], '/rules/0'],
    ['an age a second shorter', [month], [rule({ type: 'Age', maxAgeSeconds: 30 * DAY - 1 })], '/rules/0'],
    ['an age of zero', [month], [rule(age(0))], '/rules/0'],
    ['an age that is missing', [month], [rule({ type: 'Age' })], '/rules/0'],
    ['a longer prefix', [month], [rule(age(30), { prefix: 'logs/2026' })], '/rules/0'],
    ['another prefix', [month], [rule(age(30), { prefix: 'other/' })], '/rules/0'],
    ['the prefix in upper case', [month], [rule(age(30), { prefix: 'LOGS/' })], '/rules/0'],
    ['a prefix where none was', [rule(age(30), { prefix: undefined })], [month], '/rules/0'],
    [
      'a prefix where it was empty',
      [rule(age(30), { prefix: '' })],
      [rule(age(30), { prefix: '/' })],
      '/rules/0',
    ],
    ['a longer age for a shorter reach', [month], [rule(forever, { prefix: 'logs/a' })], '/rules/0'],
    ['a date for an age', [month], [rule(until('2099-01-01T00:00:00Z'))], '/rules/0'],
    ['an age for a date', [rule(until('2027-01-01T00:00:00Z'))], [rule(age(3650))], '/rules/0'],
    ['an age for a lock without end', [rule(forever)], [rule(age(36_500))], '/rules/0'],
    ['a date for a lock without end', [rule(forever)], [rule(until('9999-12-31T23:59:59Z'))], '/rules/0'],
    [
      'a date moved earlier',
      [rule(until('2027-01-02T00:00:00Z'))],
      [rule(until('2027-01-01T00:00:00Z'))],
      '/rules/0',
    ],
    [
      'a date moved earlier by its zone',
      [rule(until('2027-01-01T00:00:00Z'))],
      [rule(until('2027-01-01T00:00:00+01:00'))],
      '/rules/0',
    ],
    ['a date that is none', [rule(until('2027-01-01T00:00:00Z'))], [rule(until('never'))], '/rules/0'],
    ['a date that is missing', [rule(until('2027-01-01T00:00:00Z'))], [rule({ type: 'Date' })], '/rules/0'],
    ['the rule removed', [month], [], '/rules'],
    ['a lock until a second from now removed', [rule(until('2026-11-22T12:00:01Z'))], [], '/rules'],
    ['the rule replaced by a shorter one of another id', [month], [rule(age(1), { id: 'other' })], '/rules'],
    [
      'the rule split in two that are each narrower',
      [month],
      [rule(age(30), { id: 'a', prefix: 'logs/a' }), rule(age(30), { id: 'b', prefix: 'logs/b' })],
      '/rules',
    ],
    ['a rule renamed and disabled', [month], [rule(age(30), { id: 'other', enabled: false })], '/rules'],
    ['a rule whose date cannot be read, removed', [rule(until('sometime'))], [], '/rules'],
    ['a rule whose age cannot be known, shortened', [rule({ type: 'Age' })], [rule(age(36_500))], '/rules/0'],
  ])('%s', (_, current, asked, pointer) => {
    expect(pointersOf(replaced(current, asked))).toEqual([pointer])
  })

  test('and is told by its place, with the rule as asked and what may stand', () => {
    const other = rule(age(1), { id: 'other', prefix: 'tmp/' })
    const shorter = rule(age(29))
    expect(replaced([month], [other, shorter])).toEqual([
      {
        pointer: '/rules/1',
        message: 'weakens lock rule keep, which is in force',
        value: shorter,
        allowed: 'rule keep as it is, or stronger',
      },
    ])
  })

  test('and a removal is told of the list, without a value', () => {
    expect(replaced([month], [])).toEqual([
      {
        pointer: '/rules',
        message: 'removes lock rule keep, which is in force',
        value: null,
        allowed: 'rule keep as it is, or stronger',
      },
    ])
  })

  test('and every rule that it weakens is told at once', () => {
    const current = [month, rule(forever, { id: 'b' }), rule(age(1), { id: 'c', prefix: 'x' })]
    const asked = [rule(age(1), { id: 'c', prefix: 'x' }), rule(age(30), { id: 'b' })]
    expect(pointersOf(replaced(current, asked))).toEqual(['/rules/1'])
    expect(pointersOf(replaced(current, []))).toEqual(['/rules', '/rules', '/rules'])
  })
})

describe('while the rules that are there are not known, every change is refused:', () => {
  const body = { rules: [rule(forever, { prefix: '' })] }
  const unreadable: [string, unknown][] = [
    ['an answer that is missing', undefined],
    ['an answer of null', null],
    ['a list', [month]],
    ['rules that are null', { rules: null }],
    ['rules as an object', { rules: { 0: month } }],
    ['a rule that is null', { rules: [null] }],
    ['a rule of a type that is not known', { rules: [rule({ type: 'Legal' })] }],
    ['a rule that does not say whether it is enabled', { rules: [rule(age(1), { enabled: undefined })] }],
    ['a rule with an age as a text', { rules: [rule({ type: 'Age', maxAgeSeconds: '1' })] }],
    ['a rule with a prefix of null', { rules: [rule(age(1), { prefix: null })] }],
  ]

  const judged = (known: unknown) =>
    judge('locks', neverWeaken, { body, current: { 'buckets.locks.get': known }, now: NOW })

  test.each(unreadable)('%s', (_, known) => {
    expect(judged(known)).toHaveLength(1)
  })

  test.each(unreadable)('%s is not blamed on a place in the body', (_, known) => {
    expect(pointersOf(judged(known))).toEqual([''])
  })

  test('nothing was read', () => {
    expect(pointersOf(judge('locks', neverWeaken, { body, now: NOW }))).toEqual([''])
  })

  test('the rules of another answer', () => {
    const current = { 'buckets.lifecycle.get': { rules: [] } }
    expect(judge('locks', neverWeaken, { body, current, now: NOW })).toHaveLength(1)
  })
})

test('without the time, no lock counts as expired', () => {
  const current = { 'buckets.locks.get': { rules: [rule(until('2020-01-01T00:00:00Z'))] } }
  expect(pointersOf(judge('locks', neverWeaken, { body: { rules: [] }, current }))).toEqual(['/rules'])
})
