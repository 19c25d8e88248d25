import { describe, expect, test } from 'vitest'
import { bytesOf, fitsRow, MAX_VALUE_BYTES } from '../../src/store/row-limit.ts'

/** A row is measured in bytes, whatever stands in it. */

const ROW_BYTES = 2_000_000

test('a value leaves room for what stands beside it in its row', () => {
  expect(ROW_BYTES - MAX_VALUE_BYTES).toBeGreaterThanOrEqual(1_000)
})

describe.each([
  ['a', 1],
  ['é', 2],
  ['€', 3],
  ['𝄞', 4],
  ['\ud800', 3],
])('of %j', (character, bytes) => {
  const most = Math.floor(MAX_VALUE_BYTES / bytes)

  test('as many fit as have room', () => {
    expect(fitsRow(character.repeat(most))).toBe(true)
    expect(fitsRow(character.repeat(most + 1))).toBe(false)
  })

  test('each takes its bytes', () => {
    expect(bytesOf(character.repeat(10))).toBe(bytes * 10)
  })
})
