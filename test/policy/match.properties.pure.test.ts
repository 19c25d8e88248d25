import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matcher, matches } from '../../src/policy/match.ts'
import { bucketName, bucketPattern } from './arbitraries.ts'
import { naiveMatches } from './naive.ts'

const runs = { numRuns: 3_000 }

test('a match is what an anchored regular expression says', () => {
  fc.assert(
    fc.property(bucketPattern, bucketName, (pattern, text) => {
      expect(matches(pattern, text)).toBe(naiveMatches(pattern, text))
    }),
    runs,
  )
})

test('a match is what an anchored regular expression says, for any text at all', () => {
  const text = fc.string({ unit: 'binary', maxLength: 20 })
  fc.assert(
    fc.property(text, text, (pattern, text) => {
      expect(matches(pattern, text)).toBe(naiveMatches(pattern, text))
    }),
    runs,
  )
})

test('a text made from a pattern matches it, whatever stands for its stars', () => {
  fc.assert(
    fc.property(bucketPattern, fc.array(fc.string(), { minLength: 6 }), (pattern, fillings) => {
      const text = pattern.split('*').reduce((made, piece, index) => made + fillings[index % 6] + piece)
      expect(matches(pattern, text)).toBe(true)
    }),
    runs,
  )
})

test('many patterns prepared match what any one of them matches', () => {
  fc.assert(
    fc.property(fc.array(bucketPattern, { maxLength: 6 }), bucketName, (patterns, text) => {
      expect(matcher(patterns)(text)).toBe(patterns.some((pattern) => naiveMatches(pattern, text)))
    }),
    runs,
  )
})
