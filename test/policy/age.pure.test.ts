import { expect, test } from 'vitest'
import { parseAge } from '../../src/policy/age.ts'

test.each([
  ['1h', 3_600],
  ['12h', 43_200],
  ['1d', 86_400],
  ['30d', 2_592_000],
])('the age %s is %d seconds', (text, seconds) => {
  expect(parseAge(text)).toBe(seconds)
})

test.each([
  '',
  '30',
  'd',
  '0d',
  '-1d',
  '1.5d',
  '030d',
  '30D',
  '30 d',
  ' 30d',
  '30d ',
  '30d\n',
  '1w',
  '1d12h',
  '1e3d',
  '٣d',
])('%j is no age', (text) => {
  expect(parseAge(text)).toBeNull()
})
