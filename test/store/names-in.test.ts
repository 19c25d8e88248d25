import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matches } from '../../src/policy/match.ts'
import { namesIn } from '../../src/store/names-in.ts'

/** The store finds the names that the policy means, by patterns of any length and number. */

async function found(names: readonly string[], patterns: readonly string[]): Promise<string[]> {
  const { sql, values } = namesIn('bucket', patterns)
  const query = `SELECT bucket FROM (SELECT value AS bucket FROM json_each(?)) WHERE ${sql}`
  const statement = env.DB.prepare(query).bind(JSON.stringify(names), ...values)
  return (await statement.all<{ bucket: string }>()).results.map(({ bucket }) => bucket)
}

const meant = (names: readonly string[], patterns: readonly string[]) =>
  names.filter((name) => patterns.some((pattern) => matches(pattern, name)))

const name = fc.string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 1, maxLength: 63 })
/** Patterns of every length, many of which fit: names with stars in place of some of their letters. */
const patternOf = (text: string) =>
  fc
    .array(fc.nat(text.length), { maxLength: 6 })
    .map((cuts) => cuts.reduce((pattern, cut) => `${pattern.slice(0, cut)}*${pattern.slice(cut + 1)}`, text))
    .map((pattern) => pattern.replaceAll(/\*+/g, '*').slice(0, 64))

const situation = fc.uniqueArray(name, { minLength: 1, maxLength: 8 }).chain((names) =>
  fc.record({
    names: fc.constant(names),
    patterns: fc.array(fc.constantFrom(...names, 'a'.repeat(60), `${'a'.repeat(63)}*`).chain(patternOf), {
      minLength: 1,
      maxLength: 5,
    }),
  }),
)

test('a name is found when the policy matches it, and no other', async () => {
  await fc.assert(
    fc.asyncProperty(situation, async ({ names, patterns }) => {
      expect(await found(names, patterns)).toEqual(meant(names, patterns))
    }),
    { numRuns: 300 },
  )
})

const LONG = 'x'.repeat(51)
test.each([
  ['a name', 'media', ['media'], ['media-a', 'Media']],
  ['a name of 63 letters', 'x'.repeat(63), ['x'.repeat(63)], ['x'.repeat(62)]],
  ['a glob of 50 letters', `${'x'.repeat(49)}*`, ['x'.repeat(49), LONG], ['x'.repeat(48)]],
  ['a glob of 51 letters', `${'x'.repeat(50)}*`, ['x'.repeat(50), LONG], ['x'.repeat(49)]],
  ['a glob of 64 letters', `${'x'.repeat(63)}*`, ['x'.repeat(63)], ['x'.repeat(62)]],
  ['a long glob with a star in front', `*${LONG}`, [LONG, `a${LONG}`], [`${LONG}a`]],
  [
    'a long glob with a star where it is cut',
    `${'x'.repeat(32)}*${'y'.repeat(31)}`,
    [`${'x'.repeat(32)}${'y'.repeat(31)}`],
    [`${'x'.repeat(31)}${'y'.repeat(31)}`],
  ],
  ['a long glob of many stars', 'a*'.repeat(32), ['a'.repeat(32), 'a'.repeat(63)], ['a'.repeat(31)]],
  ['a star', '*', ['a', LONG], []],
])('%s is taken as the policy takes it', async (_, pattern, fits, others) => {
  expect(await found([...fits, ...others], [pattern])).toEqual(fits)
  expect(meant([...fits, ...others], [pattern])).toEqual(fits)
})

test('no patterns find nothing', async () => {
  expect(await found(['a'], [])).toEqual([])
})
