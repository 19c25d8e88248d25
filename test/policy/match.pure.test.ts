import { expect, test } from 'vitest'
import { matcher, matches } from '../../src/policy/match.ts'

const cases: readonly [pattern: string, text: string, isMatch: boolean][] = [
  ['media', 'media', true],
  ['media', 'media-assets', false],
  ['media', 'my-media', false],
  ['media-*', 'media-assets', true],
  ['media-*', 'media-', true],
  ['media-*', 'media', false],
  ['media-*', 'my-media-assets', false],
  ['*-prod', 'site-prod', true],
  ['*-prod', '-prod', true],
  ['*-prod', 'site-prod-2', false],
  ['a*z', 'az', true],
  ['a*z', 'abcz', true],
  ['a*z', 'abczy', false],
  ['*mid*', 'mid', true],
  ['*mid*', 'a-mid-b', true],
  ['*mid*', 'a-mi-d', false],
  ['a*b*c', 'a-b-c', true],
  ['a*b*c', 'abc', true],
  ['a*b*c', 'a-c-b', false],
  ['a*b*c', 'acb', false],
  ['*', '', true],
  ['*', 'anything', true],
  ['**', '', true],
  ['**', 'anything', true],
  ['a**b', 'ab', true],
  ['a**b', 'a-b', true],
  ['a*a', 'a', false],
  ['a*a', 'aa', true],
  ['ab*ba', 'aba', false],
  ['ab*ba', 'abba', true],
  ['ab*b*ba', 'abba', false],
  ['ab*b*ba', 'abbba', true],
  ['a*ab*b', 'aabb', true],
  ['a*ab*b', 'ab', false],
  ['', '', true],
  ['', 'a', false],
  ['a.c', 'abc', false],
  ['a.c', 'a.c', true],
  ['[ab]*', 'a1', false],
  ['a+', 'aaa', false],
  ['a?', 'a', false],
  ['media-*', 'MEDIA-assets', false],
]

test.each(cases)('the pattern %j meets the text %j: %j', (pattern, text, isMatch) => {
  expect(matches(pattern, text)).toBe(isMatch)
  expect(matcher([pattern])(text)).toBe(isMatch)
})

test('several patterns match what any of them matches', () => {
  const isNamed = matcher(['exact', 'media-*', '*-prod'])
  const texts = ['exact', 'media-x', 'x-prod', 'exactly', 'x-media-', 'prod']
  expect(texts.filter(isNamed)).toEqual(['exact', 'media-x', 'x-prod'])
})

test('no patterns match nothing', () => {
  expect(matcher([])('')).toBe(false)
})

/** A matcher that backtracks needs longer for these than anybody waits. */
test.each([
  ['*a'.repeat(30), 'a'.repeat(100_000), true],
  [`${'*a'.repeat(30)}*b`, 'a'.repeat(100_000), false],
  [`${'a*'.repeat(30)}b`, `${'a'.repeat(100_000)}c`, false],
  ['*'.repeat(64), 'a'.repeat(100_000), true],
  [`${'*aab'.repeat(16)}`, 'aa'.repeat(50_000), false],
] as const)('a pattern made to be slow is answered: %j', (pattern, text, isMatch) => {
  expect(matches(pattern, text)).toBe(isMatch)
})
