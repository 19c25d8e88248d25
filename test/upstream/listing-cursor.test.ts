import { describe, expect, test } from 'vitest'
import { applyPolicy, call, createKey, emulator, keyWithGrants, problemOf } from '../harness.ts'
import { allNames, inUs, page, seedUs, us } from './listing.ts'

/** A cursor says where a page ended, and grants nothing. */

const FIVE = ['media-a', 'media-b', 'media-c', 'media-d', 'media-e']
const base64Url = (text: string) => btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
const encode = (value: unknown) => base64Url(JSON.stringify(value))

const REAL = { jurisdiction: 'us', direction: 'asc', after: 'media-b' }
const real = encode(REAL)

describe('a cursor that is not one of this listing is refused, and nothing is sent', () => {
  test.each([
    ['no base64', '%%%'],
    ['empty JSON', encode({})],
    ['null', encode(null)],
    ['text', encode('media-b')],
    ['not JSON', base64Url('media-b')],
    ['another jurisdiction', encode({ ...REAL, jurisdiction: 'eu' })],
    ['another direction', encode({ ...REAL, direction: 'desc' })],
    ['no jurisdiction', encode({ direction: 'asc', after: 'media-b' })],
    ['a field more', encode({ ...REAL, perPage: 5 })],
    ['__proto__', base64Url('{"jurisdiction":"us","direction":"asc","after":"media-b","__proto__":{}}')],
    ['a name that is no bucket name', encode({ ...REAL, after: '../x' })],
    ['an empty name', encode({ ...REAL, after: '' })],
    ['a name beyond ASCII', base64Url('{"jurisdiction":"us","direction":"asc","after":"medi\u00e4"}')],
    ['fields in another order', encode({ after: 'media-b', direction: 'asc', jurisdiction: 'us' })],
    ['blanks in its JSON', base64Url(JSON.stringify(REAL, null, 1))],
    ['a field twice', base64Url('{"jurisdiction":"us","direction":"asc","after":"a-x","after":"media-b"}')],
    ['its padding', `${real}=`],
    ['a blank at its end', `${real} `],
    ['a line break within', `${real.slice(0, 4)}\n${real.slice(4)}`],
    ['a letter more', `${real}A`],
    ['a letter less', real.slice(0, -1)],
    ["upstream's own form", `1-${btoa(encodeURIComponent('{"v":1,"startAfter":"media-b"}'))}`],
  ])('%s', async (_, cursor) => {
    const key = await keyWithGrants(inUs('media-*'))
    const problem = await problemOf(
      call(`/v1/buckets?jurisdiction=us&cursor=${encodeURIComponent(cursor)}`, { key }),
    )
    expect(problem).toMatchObject({ status: 400, errors: [{ in: 'query', pointer: '/cursor' }] })
    expect(await emulator.received()).toEqual([])
  })

  test('one of the default jurisdiction, in eu', async () => {
    const key = await keyWithGrants({ role: 'viewer', buckets: ['*'], jurisdictions: ['*'] })
    const { nextCursor } = await page(key, { perPage: 1 })
    const path = `/v1/buckets?jurisdiction=eu&cursor=${nextCursor}`
    expect(await problemOf(call(path, { key }))).toMatchObject({
      status: 400,
      errors: [{ pointer: '/cursor' }],
    })
  })
})

test('a cursor is good in a URL as it stands', async () => {
  const key = await keyWithGrants(inUs('media-*'))
  await seedUs(...FIVE)
  const { nextCursor } = await page(key, { ...us, perPage: 2 })
  expect(nextCursor).toMatch(/^[A-Za-z0-9_-]+$/)
})

test('a cursor can be used again, and with another size of page', async () => {
  const key = await keyWithGrants(inUs('media-*'))
  await seedUs(...FIVE)
  const { nextCursor } = await page(key, { ...us, perPage: 2 })
  const again = { ...us, cursor: nextCursor ?? '' }
  expect(await page(key, { ...again, perPage: 1 })).toMatchObject({ names: ['media-c'] })
  expect(await page(key, again)).toEqual({ names: ['media-c', 'media-d', 'media-e'], nextCursor: null })
})

describe('between two pages', () => {
  test.each(['asc', 'desc'] as const)(
    'buckets that are created neither repeat nor hide one (%s)',
    async (direction) => {
      const key = await keyWithGrants(inUs('media-*', 'a-exact'))
      await seedUs(...FIVE)
      const query = { ...us, direction, perPage: 2 }
      const first = await page(key, query)
      await seedUs('media-0', 'media-aa', 'media-bb', 'media-dd', 'media-z', 'a-exact')
      const rest = await allNames(key, { ...query, cursor: first.nextCursor ?? '' })
      const seen = [...first.names, ...rest].filter((name) => FIVE.includes(name))
      expect(seen).toEqual(direction === 'asc' ? FIVE : FIVE.toReversed())
    },
  )

  test('buckets that are created behind the cursor are listed', async () => {
    const key = await keyWithGrants(inUs('media-*'))
    await seedUs(...FIVE)
    const { nextCursor } = await page(key, { ...us, perPage: 2 })
    await seedUs('media-a0', 'media-bb', 'media-z')
    const rest = await allNames(key, { ...us, cursor: nextCursor ?? '' })
    expect(rest).toEqual(['media-bb', 'media-c', 'media-d', 'media-e', 'media-z'])
  })

  test('the bucket that a cursor stands at may be deleted', async () => {
    const key = await keyWithGrants({ ...inUs('media-*'), role: 'admin' })
    await seedUs(...FIVE)
    const { nextCursor } = await page(key, { ...us, perPage: 2 })
    await call('/v1/buckets/media-b?jurisdiction=us', { key, method: 'DELETE' })
    expect(await allNames(key, { ...us, cursor: nextCursor ?? '' })).toEqual([
      'media-c',
      'media-d',
      'media-e',
    ])
  })

  test('a policy that is narrowed narrows the next page', async () => {
    const before = await keyWithGrants(inUs('media-*'))
    await seedUs(...FIVE)
    const { nextCursor } = await page(before, { ...us, perPage: 2 })
    await applyPolicy({ teams: { team: { grants: [inUs('media-d')] } } })
    const key = await createKey('team')
    expect(await allNames(key, { ...us, cursor: nextCursor ?? '' })).toEqual(['media-d'])
  })

  test('a cursor of a key that may see more shows another key nothing more', async () => {
    await applyPolicy({ teams: { wide: { grants: [inUs('*')] }, narrow: { grants: [inUs('media-e')] } } })
    await seedUs(...FIVE, 'finance-ledger', 'zoo')
    const { nextCursor } = await page(await createKey('wide'), { ...us, perPage: 1 })
    const names = await allNames(await createKey('narrow'), { ...us, cursor: nextCursor ?? '' })
    expect(names).toEqual(['media-e'])
  })

  test.each(['a00', 'finance-ledger', 'media-', 'zzz'])(
    'a cursor made up at %s shows nothing more',
    async (after) => {
      const key = await keyWithGrants(inUs('media-*'))
      await seedUs(...FIVE, 'finance-ledger', 'zoo')
      const name = after.endsWith('-') ? `${after}0` : after
      const names = await allNames(key, { ...us, cursor: encode({ ...REAL, after: name }) })
      expect(names).toEqual(FIVE.filter((bucket) => bucket > name))
    },
  )

  test('a key that may no longer list at all is refused, and nothing is sent', async () => {
    const before = await keyWithGrants(inUs('media-*'))
    await seedUs(...FIVE)
    const { nextCursor } = await page(before, { ...us, perPage: 2 })
    await applyPolicy({ teams: { team: {} } })
    const key = await createKey('team')
    const sent = (await emulator.received()).length
    expect((await call(`/v1/buckets?jurisdiction=us&cursor=${nextCursor}`, { key })).status).toBe(403)
    expect(await emulator.received()).toHaveLength(sent)
  })
})
