import { expect, test } from 'vitest'
import { emulator, keyWithGrants } from '../harness.ts'
import { allNames, callsOf, inUs, us } from './listing.ts'

/** What a listing costs depends on the caller's own buckets and grants, not on the account's. */

const OWN = Array.from({ length: 10 }, (_, at) => `media-own${at}-prod`)

async function account(size: number, prefix: string): Promise<void> {
  await emulator.reset()
  await emulator.seed({ buckets: OWN.map((name) => ({ name, jurisdiction: 'us' })) })
  await emulator.seed({ generate: { prefix, count: size, jurisdiction: 'us' } })
}

/** The calls of a listing in an account of 100 others, and in one of 100,000. */
async function costs(key: string, prefix: string, query: Record<string, string | number>) {
  const counts = []
  for (const size of [100, 100_000]) {
    await account(size, prefix)
    counts.push(
      (await callsOf(async () => expect(await allNames(key, { ...us, ...query })).toHaveLength(10))).length,
    )
  }
  return counts
}

test.each([
  ['a prefix', ['media-*'], 'others-'],
  ['a prefix, and others before it', ['media-*'], 'data-'],
  ['a prefix that others nearly have', ['media-*'], 'media'],
  ['exact names', OWN, 'media-others-'],
  ['a suffix', ['*-prod'], 'media-others-'],
  ['an infix', ['*-own*'], 'media-others-'],
  ['a prefix and a suffix', ['media-*-prod'], 'media-others-'],
  ['a prefix and an infix', ['media-*wn*'], 'media-others-'],
  ['all of these', ['media-o*-prod', '*-own*', 'media-own0-prod', 'm*prod'], 'media-others-'],
])(
  'a grant of %s: 10 own buckets among 100,000 cost what they cost among 100',
  async (_, buckets, prefix) => {
    const key = await keyWithGrants(inUs(...buckets))
    const [small, large] = await costs(key, prefix, {})
    expect(large).toBe(small)
  },
)

test.each(['asc', 'desc'])('pages of three, %s, cost the same too', async (direction) => {
  const key = await keyWithGrants(inUs('media-*'))
  const [small, large] = await costs(key, 'others-', { direction, perPage: 3 })
  expect(large).toBe(small)
})

test('a name that is asked for narrows what is walked', async () => {
  const key = await keyWithGrants(inUs('media-*'))
  const [small, large] = await costs(key, 'media-x', { nameContains: 'own' })
  expect(large).toBe(small)
})

test('a listing of own buckets by prefix is one call', async () => {
  const key = await keyWithGrants(inUs('media-*'))
  await account(1_000, 'others-')
  expect(await callsOf(() => allNames(key, us))).toEqual(['buckets.list'])
})
