import { describe, expect, test } from 'vitest'
import guide from '../../../docs/policy.md?raw'
import { type AnyKind, operationsJudged } from '../../../src/policy/guardrails/guardrail.ts'
import { KIND_NAMES, KINDS } from '../../../src/policy/guardrails/index.ts'
import { operations } from '../../../src/routes/r2/index.ts'

/** What a guardrail forbids is forbidden by every way to it: each operation is classified against each option. */

const changing = operations.filter(({ changes }) => changes !== undefined).map(({ name }) => name)
const ways = KIND_NAMES.flatMap((kind) =>
  Object.entries((KINDS[kind] as AnyKind).ways).flatMap(([option, by]) =>
    by.map((operation) => ({ option: `${kind}.${option}`, operation })),
  ),
)

/** The rows of the guide's table: an operation, and the options that judge it. */
const rows = new Map(
  [...String(guide).matchAll(/^\| `(buckets\.[\w.]+)` +\| (.+?) +\|$/gm)].map(
    ([, operation = '', cell = '']) => [
      operation,
      [...cell.matchAll(/`([\w.]+)`/g)].map(([, option = '']) => option),
    ],
  ),
)

test('the guide classifies every operation that changes something, and no other', () => {
  expect([...rows.keys()].toSorted()).toEqual(changing.toSorted())
})

test.each(changing)('%s is judged by the options that the guide names, and by no other', (operation) => {
  const judging = ways.filter((one) => one.operation === operation).map(({ option }) => option)
  expect((rows.get(operation) ?? []).toSorted()).toEqual(judging.toSorted())
})

test('no way leads through an operation that only reads', () => {
  expect(ways.filter(({ operation }) => !changing.includes(operation))).toEqual([])
})

describe.each(KIND_NAMES)('%s', (kind) => {
  const { ways, operations }: AnyKind = KINDS[kind]

  test('says of each option by which operations it could be gone round', () => {
    expect(Object.values(ways).every((by) => by.length > 0)).toBe(true)
  })

  test('judges with all its options what each of them judges', () => {
    const all = Object.fromEntries(Object.keys(ways).map((option) => [option, true]))
    expect(operationsJudged({ ways }, all)).toEqual(operations)
  })
})
