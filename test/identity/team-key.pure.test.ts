import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatTeamKey, generateTeamKey, hashSecret, parseTeamKey } from '../../src/identity/team-key.ts'

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

const lettersOf = (length: number) =>
  fc
    .array(fc.constantFrom(...LETTERS), { minLength: length, maxLength: length })
    .map((found) => found.join(''))
const key = fc.record({ id: lettersOf(12), secret: lettersOf(32) })

/** The checksums are those of Node's zlib.crc32, written in base 62. */
const VECTORS = [
  'r2w_000000000000_000000000000000000000000000000001HIGLu',
  'r2w_zzzzzzzzzzzz_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz3brUfv',
  'r2w_AbCdEfGhIjKl_0123456789ABCDEFGHIJKLMNOPQRSTUV0WYsjS',
  'r2w_MediaAdmin01_abcdefghijklmnopqrstuvwxyzABCDEF3GEWvd',
  'r2w_Q7rT2xYb9LmN_kP3vW8sD1fG6hJ4qZ0cX5nB2mR7tY9uE0br1N0',
  'r2w_000000000296_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa00w2Cx',
]

test.each(VECTORS)('%s is read as another implementation made it', (text) => {
  expect(parseTeamKey(text)).toEqual({ id: text.slice(4, 16), secret: text.slice(17, 49) })
})

test.each(VECTORS)('%s is what its parts are written as', (text) => {
  expect(formatTeamKey({ id: text.slice(4, 16), secret: text.slice(17, 49) })).toBe(text)
})

test('a key is written as a Cloudflare token may be, for Terraform', () => {
  const { text } = generateTeamKey()
  expect(text).toMatch(/^[0-9A-Za-z\-_]{40,80}$/)
  expect(text).toMatch(/^r2w_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}$/)
})

test('a new key reads as the id and the secret that it was made of', () => {
  const { text, ...parts } = generateTeamKey()
  expect(parseTeamKey(text)).toEqual(parts)
})

test('every key that is written is read back', () => {
  fc.assert(
    fc.property(key, (key) => {
      expect(parseTeamKey(formatTeamKey(key))).toEqual(key)
    }),
  )
})

test('a key with any one letter changed is refused', () => {
  const letter = fc.oneof(
    fc.constantFrom(...LETTERS, '_', '-', ' '),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  )
  fc.assert(
    fc.property(key, fc.nat(54), letter, (key, index, letter) => {
      const text = formatTeamKey(key)
      fc.pre(text[index] !== letter)
      expect(parseTeamKey(text.slice(0, index) + letter + text.slice(index + 1))).toBeNull()
    }),
    { numRuns: 2_000 },
  )
})

test('a key with two neighbours swapped is refused', () => {
  fc.assert(
    fc.property(key, fc.nat(53), (key, index) => {
      const text = formatTeamKey(key)
      const [one = '', other = ''] = text.slice(index, index + 2)
      fc.pre(one !== other)
      expect(parseTeamKey(text.slice(0, index) + other + one + text.slice(index + 2))).toBeNull()
    }),
    { numRuns: 1_000 },
  )
})

test.each<[string, (text: string) => string]>([
  ['nothing', () => ''],
  ['its beginning only', (text) => text.slice(0, -1)],
  ['one letter more', (text) => `${text}0`],
  ['a line break behind it', (text) => `${text}\n`],
  ['a space before it', (text) => ` ${text}`],
  ['another prefix', (text) => text.replace('r2w_', 'r3w_')],
  ['its prefix in capitals', (text) => text.replace('r2w_', 'R2W_')],
  ['another key behind it', (text) => text + text],
])('%s is no key', (_, mangle) => {
  expect(parseTeamKey(mangle(generateTeamKey().text))).toBeNull()
})

test('what is stored of a secret is its SHA-256, in hex', async () => {
  // FIPS 180-4, appendix of examples: "abc"
  expect(await hashSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

test('no two keys share an id or a secret', () => {
  const keys = Array.from({ length: 5_000 }, generateTeamKey)
  expect(new Set(keys.map(({ id }) => id)).size).toBe(keys.length)
  expect(new Set(keys.map(({ secret }) => secret)).size).toBe(keys.length)
})

test('all letters are drawn equally often', () => {
  const drawn = Array.from({ length: 3_100 }, () => generateTeamKey().secret).join('')
  const expected = drawn.length / LETTERS.length // 1,600
  const deviations = [...LETTERS].map((letter) => Math.abs(drawn.split(letter).length - 1 - expected))
  // Seven standard deviations. Without drawing again, the first eight letters would come a quarter more often.
  expect(Math.max(...deviations)).toBeLessThan(7 * Math.sqrt(expected))
})
