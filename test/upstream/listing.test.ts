import { describe, expect, test } from 'vitest'
import { applyPolicy, createKey, emulator, everything, keyWithGrants } from '../harness.ts'
import { allNames, callsOf, inUs, page, pages, seedUs, us } from './listing.ts'

/** A caller sees its own buckets only, in order, in full pages. */

const FIVE = ['media-a', 'media-b', 'media-c', 'media-d', 'media-e']

describe('what is listed', () => {
  test.each([
    [['media-*'], ['media-assets', 'media-site-prod']],
    [['*-prod'], ['media-site-prod']],
    [['media-*-prod'], ['media-site-prod']],
    [['*-assets'], ['media-assets', 'shared-assets']],
    [
      ['*e*a*'],
      ['finance-ledger', 'media-assets', 'media-site-prod', 'shared-assets'].filter((name) =>
        /e.*a/.test(name),
      ),
    ],
    [['data-lake'], ['data-lake']],
    [['data-lake', 'no-such-bucket'], ['data-lake']],
    [['no-such-*'], []],
    [
      ['media-assets', 'media-*', '*-assets', '*'],
      ['data-lake', 'finance-ledger', 'media-assets', 'media-site-prod', 'shared-assets'],
    ],
    [
      ['shared-assets', 'data-*'],
      ['data-lake', 'shared-assets'],
    ],
  ])('a key with grants on %j sees %j', async (buckets, expected) => {
    const key = await keyWithGrants({ role: 'viewer', buckets })
    expect(await allNames(key)).toEqual(expected)
  })

  test('grants that overlap do not list a bucket twice', async () => {
    const key = await keyWithGrants(inUs('media-*'), inUs('*-a', 'media-a'), inUs('m*', 'me*a'))
    await seedUs(...FIVE)
    expect(await allNames(key, us)).toEqual(FIVE)
  })

  test('a bucket that a deny rule forbids is not listed', async () => {
    const deny = [{ name: 'hidden', permissions: ['buckets.list'], buckets: ['*-c'] }]
    await applyPolicy({ organization: { deny }, teams: { team: { grants: [inUs('media-*')] } } })
    await seedUs(...FIVE)
    expect(await allNames(await createKey('team'), us)).toEqual(['media-a', 'media-b', 'media-d', 'media-e'])
  })

  test.each([
    [{ buckets: ['media-b', 'media-c'] }, ['media-b', 'media-c']],
    [{ buckets: ['*-d'] }, ['media-d']],
    [{ buckets: ['other-*'] }, null],
    [{ jurisdictions: ['eu' as const] }, null],
    [{ permissions: ['buckets.get'] }, null],
    [{ role: 'viewer' }, FIVE],
  ])('the scope %j of a key narrows what is listed to %j', async (scope, expected) => {
    await keyWithGrants(inUs('media-*'))
    await seedUs(...FIVE)
    const key = await createKey('team', scope)
    if (expected !== null) expect(await allNames(key, us)).toEqual(expected)
    else await expect(allNames(key, us)).rejects.toThrow('expected 403 to be 200')
  })

  test.each(['a', 'ab', 'media-', '-media', 'a'.repeat(64)])(
    'a grant on %s, which no bucket can be called, lists nothing and hides nothing',
    async (impossible) => {
      const key = await keyWithGrants(inUs(impossible, 'media-a', 'media-b*'))
      await seedUs(...FIVE)
      expect(await allNames(key, us)).toEqual(['media-a', 'media-b'])
    },
  )

  test('a grant of another permission does not list', async () => {
    await applyPolicy({
      roles: { reader: { permissions: ['buckets.get', 'buckets.cors.*'] } },
      teams: { team: { grants: [{ ...inUs('*'), role: 'reader' }, inUs('media-b')] } },
    })
    await seedUs(...FIVE)
    expect(await allNames(await createKey('team'), us)).toEqual(['media-b'])
  })

  test('only names with nameContains are listed, exact ones too', async () => {
    const key = await keyWithGrants(inUs('media-*', 'data-cc', 'data-x'))
    await seedUs(...FIVE, 'media-cc', 'data-cc', 'data-x')
    expect(await allNames(key, { ...us, nameContains: 'c' })).toEqual(['data-cc', 'media-c', 'media-cc'])
  })
})

describe('pages', () => {
  test.each([1, 2, 3, 4, 5, 6, 1000])(
    'of %i are full, but for the last, and end with null',
    async (perPage) => {
      const key = await keyWithGrants(inUs('media-*'))
      await seedUs(...FIVE, 'data-x', 'n-after')
      const found = await pages(key, { ...us, perPage })
      expect(found.flatMap(({ names }) => names)).toEqual(FIVE)
      expect(found.slice(0, -1).filter(({ names }) => names.length !== perPage)).toEqual([])
    },
  )

  test('a page that is full and the last has no next page', async () => {
    const key = await keyWithGrants(inUs('media-*'))
    await seedUs(...FIVE)
    expect(await page(key, { ...us, perPage: 5 })).toEqual({ names: FIVE, nextCursor: null })
  })

  test('are full although a deny rule takes most of what upstream lists', async () => {
    const deny = [{ name: 'hidden', permissions: ['buckets.list'], buckets: ['media-h*'] }]
    await applyPolicy({ organization: { deny }, teams: { team: { grants: [inUs('media-*')] } } })
    await emulator.seed({ generate: { prefix: 'media-h', count: 300, jurisdiction: 'us' } })
    await seedUs('media-a', 'media-z')
    expect(await page(await createKey('team'), { ...us, perPage: 2 })).toEqual({
      names: ['media-a', 'media-z'],
      nextCursor: null,
    })
  })

  test('hold 100 buckets unless asked', async () => {
    const key = await keyWithGrants(inUs('media-*'))
    await emulator.seed({ generate: { prefix: 'media-', count: 150, jurisdiction: 'us' } })
    expect((await pages(key, us)).map(({ names }) => names.length)).toEqual([100, 50])
  })

  test('may hold 1000 buckets', async () => {
    const key = await keyWithGrants(inUs('media-*'))
    await emulator.seed({ generate: { prefix: 'media-', count: 1001, jurisdiction: 'us' } })
    const found = await pages(key, { ...us, perPage: 1000 })
    expect(found.map(({ names }) => names.length)).toEqual([1000, 1])
  })

  test.each([1, 2, 5])('of %i in the other direction hold the same, backwards', async (perPage) => {
    const key = await keyWithGrants(inUs('media-*', '*-a', 'x-exact', 'a-exact'))
    await seedUs(...FIVE, 'data-a', 'n-after', 'x-exact', 'a-exact')
    const forwards = await allNames(key, { ...us, perPage })
    expect(await allNames(key, { ...us, perPage, direction: 'desc' })).toEqual(forwards.toReversed())
  })

  test('are in byte order, where a hyphen comes before digits, and digits before letters', async () => {
    const key = await keyWithGrants(inUs('*'))
    const names = ['a-b', 'a-b-c', 'a0b', 'a9a', 'aab', 'ab-0', 'aba']
    await seedUs(...names.toReversed())
    expect(await allNames(key, { ...us, perPage: 2 })).toEqual(names)
  })
})

describe('upstream is asked', () => {
  test('for exact names by name, and lists nothing', async () => {
    const key = await keyWithGrants(inUs('media-a', 'media-b', 'no-such-bucket'))
    await seedUs(...FIVE)
    expect(new Set(await callsOf(() => page(key, us)))).toEqual(new Set(['buckets.get']))
  })

  test('nothing at all when the key may list nothing', async () => {
    const key = await keyWithGrants({ role: 'viewer', buckets: ['*'], jurisdictions: ['eu'] })
    await expect(page(key)).rejects.toThrow()
    expect(await emulator.received()).toEqual([])
  })

  test('not again for an exact name that a glob covers', async () => {
    const key = await keyWithGrants(inUs('media-*', 'media-a'))
    await seedUs(...FIVE)
    expect(await callsOf(() => page(key, us))).toEqual(['buckets.list'])
  })

  test('once for a key of everything', async () => {
    const key = await keyWithGrants(everything, inUs('media-*', 'data-lake', '*-prod'))
    await seedUs(...FIVE)
    expect(await callsOf(() => page(key, us))).toEqual(['buckets.list'])
  })
})
