import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { prepare } from '../../src/store/d1.ts'
import { type Statement, statement, type Value } from '../../src/store/statement.ts'
import { textOf } from '../../src/store/statement-text.ts'
import { run } from '../harness.ts'

/** A statement as text does what it does with its values bound. */

const bound = async (asked: Statement) => (await prepare(env.DB, asked).raw()).at(0)
const written = async (asked: Statement) => (await env.DB.prepare(textOf(asked)).raw()).at(0)

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom("'", '"', '?', '1', '-', ';', '\\', '\n', '\0', ' ', '/', '*') }),
)
const value: fc.Arbitrary<Value> = fc.oneof(text, fc.maxSafeInteger(), fc.integer(), fc.constant(null))
const rounds = { numRuns: 200 }

test('any values are read back as they were given', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 5 }), async (values) => {
      const asked = statement(`SELECT ${values.map(() => '?').join(', ')}`, ...values)
      expect(await written(asked)).toEqual(values)
      expect(await bound(asked)).toEqual(values)
    }),
    rounds,
  )
})

/** Values in any order, some of them in several places, some places without a number. */
const numbered = fc
  .array(value, { minLength: 1, maxLength: 4 })
  .chain((values) =>
    fc.record({
      values: fc.constant(values),
      places: fc.array(fc.option(fc.integer({ min: 1, max: values.length })), { maxLength: 8 }),
    }),
  )
  .filter(({ values, places }) => lastOf(places) <= values.length)
  .map(({ values, places }) => ({ values, places: [...places, values.length] }))

/** The number of the last value that is asked for, as SQLite counts them. */
const lastOf = (places: readonly (number | null)[]) =>
  places.reduce<number>((last, place) => Math.max(last, place ?? last + 1), 0)

test('values are found by their numbers', async () => {
  await fc.assert(
    fc.asyncProperty(numbered, async ({ values, places }) => {
      const asked = statement(`SELECT ${places.map((place) => `?${place ?? ''}`).join(', ')}`, ...values)
      expect(await written(asked)).toEqual(await bound(asked))
    }),
    rounds,
  )
})

test('any row is stored as it is when its values are bound', async () => {
  await run(['CREATE TABLE IF NOT EXISTS kept (a TEXT, b INTEGER, c TEXT, d INTEGER NOT NULL) STRICT'])
  const row = fc.tuple(fc.option(text), fc.option(fc.maxSafeInteger()), text, fc.integer())
  const columns = ['a', 'b', 'c', 'd'].map((name) => `${name}, typeof(${name}), length(${name})`)
  await fc.assert(
    fc.asyncProperty(row, async (values) => {
      const insert = statement('INSERT INTO kept VALUES (?1, ?2, ?3, ?4)', ...values)
      await run(['DELETE FROM kept', insert, textOf(insert)])
      const [one, other] = await env.DB.prepare(`SELECT ${columns.join(', ')} FROM kept`).raw()
      expect(one).toEqual(other)
      expect(one?.filter((_, index) => index % 3 === 0)).toEqual(values)
    }),
    rounds,
  )
})

test.each([
  "o'brien",
  "''",
  "'); DROP TABLE keys; --",
  '"',
  '\\',
  'line\nbreak',
  '; SELECT 1',
  '?1',
  ':name',
  'a\0b',
  '\0',
  'BEGIN TRANSACTION;',
])('the text %j is read back as it was written', async (words) => {
  expect(await written(statement('SELECT ?', words))).toEqual([words])
})

test('a number below zero is no comment behind a minus sign', async () => {
  expect(await written(statement('SELECT 1 -?', -1))).toEqual([2])
})

describe('what looks like the place of a value and is none', () => {
  test.each([
    ['in a text', `SELECT 'what?', '?1''?', ?`],
    ['in a name', 'SELECT 1 AS "why?", ?'],
    ['in a comment', 'SELECT ? -- or not?\n'],
  ])('%s stays as it is', async (_, sql) => {
    const asked = statement(sql, 'x')
    expect(await written(asked)).toEqual(await bound(asked))
  })
})

test('a text that wrangler would take for a transaction is not there as such', () => {
  expect(textOf(statement('SELECT ?', 'BEGIN TRANSACTION; COMMIT;'))).not.toContain('BEGIN TRANSACTION')
})

test.each([
  ['too few values', statement('SELECT ?, ?', 1)],
  ['a number that none has', statement('SELECT ?2', 1)],
  ['too many values', statement('SELECT ?', 1, 2)],
  ['half a number', statement('SELECT ?', 1.5)],
  ['a number that is none', statement('SELECT ?', Number.NaN)],
  ['a number beyond those that are exact', statement('SELECT ?', 2 ** 53)],
])('%s is refused', (_, asked) => {
  expect(() => textOf(asked)).toThrow(TypeError)
})
