import fc from 'fast-check'
import { expect, test } from 'vitest'
import { common, covers } from '../../src/analysis/patterns.ts'
import { inWords, operationsOf } from '../../src/analysis/permissions.ts'
import { permissionNames } from '../../src/routes/index.ts'
import { naiveMatches } from '../policy/naive.ts'
import { bucketPattern } from './arbitraries.ts'

/** All names of up to five letters, of three. */
const NAMES = Array.from({ length: 5 }, (_, length) => length + 1).flatMap((length) =>
  Array.from({ length: 3 ** length }, (_, number) =>
    number.toString(3).padStart(length, '0').replaceAll('0', 'a').replaceAll('1', 'b').replaceAll('2', 'c'),
  ),
)

test('a pattern that covers another matches all that it matches', () => {
  fc.assert(
    fc.property(bucketPattern, bucketPattern, (outer, inner) => {
      fc.pre(covers(outer, inner))
      for (const name of NAMES) if (naiveMatches(inner, name)) expect(naiveMatches(outer, name)).toBe(true)
    }),
  )
})

test('what two patterns have in common is under both', () => {
  fc.assert(
    fc.property(bucketPattern, bucketPattern, (one, other) => {
      const name = common(one, other)
      fc.pre(name !== null)
      expect([one, other].every((pattern) => naiveMatches(pattern, name ?? ''))).toBe(true)
    }),
  )
})

test('where two patterns have nothing in common, no name is under both', () => {
  fc.assert(
    fc.property(bucketPattern, bucketPattern, (one, other) => {
      fc.pre(common(one, other) === null)
      expect(NAMES.filter((name) => naiveMatches(one, name) && naiveMatches(other, name))).toEqual([])
    }),
  )
})

test.each([
  ['media-*', '*-prod', 'media-prod'],
  ['a*c', 'ab*', 'abc'],
  ['a', 'b', null],
  ['a*', 'b*', null],
])('%s and %s have %s in common', (one, other, expected) => {
  expect(common(one, other)).toBe(expected)
})

test('patterns of the longest kind are compared without trying every way, of which there are more than seconds', () => {
  expect(common(`${'*a'.repeat(31)}b`, `${'a*'.repeat(31)}c`)).toBeNull()
})

test('operations in few words are those operations and no others', () => {
  const spelled = (words: string): string[] =>
    words.split(', ').flatMap((word) => {
      const [, prefix = '', list] = /^(.*)\{(.*)\}$/.exec(word) ?? []
      return list === undefined ? operationsOf([word]) : list.split(',').map((last) => prefix + last)
    })
  fc.assert(
    fc.property(fc.subarray([...permissionNames], { minLength: 1 }), (operations) => {
      expect(spelled(inWords(operations)).sort()).toEqual([...operations].sort())
    }),
  )
})
