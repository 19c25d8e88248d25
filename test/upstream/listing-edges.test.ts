import { expect, test } from 'vitest'
import { keyWithGrants } from '../harness.ts'
import { allNames, callsOf, inUs, page, seedUs, us } from './listing.ts'

/** A walk begins and ends at the edges of its prefix: neither a neighbour hides a bucket, nor is one listed. */

/** The first and the last names with these beginnings, as short and as long as names can be. */
const NEIGHBOURS = [
  '0',
  '9',
  'a',
  'm',
  'm-',
  'm0',
  'm9',
  'ma',
  'ma-',
  'maz',
  'mb',
  'mz',
  'z',
  'z9',
  'zz',
].flatMap((beginning) => [
  `${beginning}-0`,
  `${beginning}00`,
  `${beginning}zz`,
  beginning.padEnd(63, '0'),
  beginning.padEnd(63, 'z'),
])
const ACCOUNT = [...new Set(NEIGHBOURS)].sort((a, b) => (a < b ? -1 : 1))
const PREFIXES = [
  '0',
  '9',
  'a',
  'm',
  'm-',
  'm0',
  'm9',
  'ma',
  'ma-',
  'maz',
  'mb',
  'mz',
  'z',
  'z9',
  'zz',
  'n',
  'zzz',
]

test.each(PREFIXES)('the buckets with prefix %s are listed, and no neighbour', async (prefix) => {
  const key = await keyWithGrants(inUs(`${prefix}*`))
  await seedUs(...ACCOUNT)
  const expected = ACCOUNT.filter((name) => name.startsWith(prefix))
  expect(await allNames(key, { ...us, perPage: 7 })).toEqual(expected)
  expect(await allNames(key, { ...us, perPage: 7, direction: 'desc' })).toEqual(expected.toReversed())
})

test.each([
  ['asc', 'z-1'],
  ['desc', 'a-0'],
])('a prefix that the cursor has left behind is not walked again (%s)', async (direction, last) => {
  const key = await keyWithGrants(inUs('a-*', 'z-*'))
  await seedUs('a-0', 'a-1', 'z-0', 'z-1')
  const { nextCursor } = await page(key, { ...us, direction, perPage: 3 })
  const rest = { ...us, direction, perPage: 3, cursor: nextCursor ?? '' }
  const calls = await callsOf(() => page(key, rest))
  expect(calls).toEqual(['buckets.list'])
  expect((await page(key, rest)).names).toEqual([last])
})
