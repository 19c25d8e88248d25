import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readIdempotencyKey } from '../../src/lanes/idempotency-key.ts'
import { call, emulator, everything, newKeyWithGrants } from '../harness.ts'
import { changes, reads } from '../routes/examples.ts'
import { DIALECTS, exampleOf, v1 } from './dialects.ts'
import { keyed, keysInUse } from './repeating.ts'

/** Which texts are idempotency keys. */

const CORS = exampleOf('buckets.cors.update')

const MALFORMED = [
  ['empty', ''],
  ['empty in quotes', '""'],
  ['longer than 255 characters', 'k'.repeat(256)],
  ['longer than 255 characters in quotes', `"${'k'.repeat(256)}"`],
  ['as long as a header can well be', 'k'.repeat(8_000)],
  ['two words', 'one two'],
  ['a tab', 'one\ttwo'],
  ['two lines of the header', 'one, two'],
  ['two strings', '"one", "two"'],
  ['a string that does not end', '"one'],
  ['a string that does not begin', 'one"'],
  ['a string with more behind it', '"one";two=3'],
  ['a quote within', 'o"ne'],
  ['a quote within a string', '"o"ne"'],
  ['an escape of nothing', '"one\\"'],
  ['an escape of a letter', '"o\\ne"'],
  ['a backslash', 'o\\ne'],
  ['letters beyond ASCII', 'clé'],
  ['letters beyond ASCII in quotes', '"clé"'],
] as const

describe.each(DIALECTS)('$dialect refuses a key that is', ({ dialect, send }) => {
  test.each(MALFORMED)('%s', async (_, text) => {
    const key = await newKeyWithGrants(everything)
    const response = await send(CORS, keyed(key, text))
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('idempotency-key')
    expect([await emulator.changes(), await keysInUse(key), dialect]).toEqual([[], 0, dialect])
  })
})

test('the header is named where it is wrong', async () => {
  const key = await newKeyWithGrants(everything)
  const response = await v1.send(CORS, keyed(key, 'one two'))
  expect(await response.json()).toMatchObject({
    code: 'invalid_request',
    errors: [{ in: 'header', pointer: '/idempotency-key' }],
  })
})

test.each(changes)('$name refuses a malformed key', async (example) => {
  const key = await newKeyWithGrants(everything)
  expect((await v1.send(example, keyed(key, 'one two'))).status).toBe(400)
  expect(await emulator.changes()).toEqual([])
})

test.each([
  ['255 characters', 'k'.repeat(255)],
  ['255 characters in quotes', `"${'k'.repeat(255)}"`],
  ['255 characters, all of them escaped', `"${'\\\\'.repeat(255)}"`],
  ['a UUID', '8e03978e-40d5-43e8-bc93-6894a57f9324'],
  ['every letter that may stand bare', "!#$%&'()*+,-./:;<=>?@[]^_`{|}~"],
  ['a space in quotes', '"one two"'],
])('%s is a key', async (_, text) => {
  const key = await newKeyWithGrants(everything)
  expect((await v1.send(CORS, keyed(key, text))).status).toBe(204)
})

test.each(reads)('$name has no use for a key, and does not read it', async ({ path }) => {
  const key = await newKeyWithGrants(everything)
  const [usual, odd] = [await call(`/v1${path}`, { key }), await call(`/v1${path}`, keyed(key, 'one two'))]
  expect(odd.status).toBe(usual.status)
  expect([odd.headers.get('idempotency-replayed'), await keysInUse(key)]).toEqual([null, 0])
})

/** RFC 9651, 4.2.5, letter by letter. */
function naive(text: string): string | null {
  const isBare = text[0] !== '"'
  if (!isBare && (text.length < 2 || text.at(-1) !== '"')) return null
  const letters = isBare ? [...text] : [...text.slice(1, -1)]
  let key = ''
  while (letters.length > 0) {
    const letter = letters.shift() ?? ''
    const escaped = !isBare && letter === '\\' ? letters.shift() : undefined
    const isPlain = letter >= (isBare ? '!' : ' ') && letter <= '~' && letter !== '"' && letter !== '\\'
    if (!isPlain && escaped !== '"' && escaped !== '\\') return null
    key += escaped ?? letter
  }
  return key !== '' && key.length <= 255 ? key : null
}

function read(text: string): string | null {
  try {
    return readIdempotencyKey(new Headers({ key: text }).get('key'))
  } catch {
    return null
  }
}

test('a text is read as RFC 9651 has it, or as the bare text that it is', () => {
  const unit = fc.constantFrom('a', 'B', '7', '-', ',', ';', ' ', '"', '\\', '\t', '\x7f')
  const inner = fc.string({ unit, maxLength: 12 })
  const text = fc.oneof(
    inner,
    inner.map((quoted) => `"${quoted}"`),
  )
  fc.assert(
    fc.property(text, (text) => {
      expect(read(text)).toBe(naive(text.replaceAll(/^[ \t]+|[ \t]+$/g, '')))
    }),
    { numRuns: 3_000 },
  )
})
