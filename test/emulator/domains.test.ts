import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { api, bucket, inEu, refusal, refused, ZONE } from './api.ts'

const custom = bucket('media-assets', '/domains/custom')
const managed = bucket('media-assets', '/domains/managed')
const given = { domain: 'a.example.com', zoneId: ZONE, enabled: true }
const create = (body: unknown, headers = {}) => api('POST', custom, { body, headers })
const active = { status: { ownership: 'active', ssl: 'active' }, zoneName: 'example.com' }

describe('custom domains', () => {
  test('are none at first', async () => {
    expect((await api('GET', custom)).result).toEqual({ domains: [] })
  })

  test('are pending when created', async () => {
    expect((await create(given)).result).toEqual({
      ...given,
      status: { ownership: 'pending', ssl: 'initializing' },
    })
  })

  test('have no TLS minimum and no ciphers that nobody gave', async () => {
    await create(given)
    expect((await api('GET', `${custom}/a.example.com`)).result).toEqual({ ...given, ...active })
  })

  test('are enabled unless told otherwise', async () => {
    expect((await create({ domain: 'b.example.com', zoneId: ZONE })).result).toMatchObject({ enabled: true })
  })

  test('are listed in the order they came', async () => {
    for (const domain of ['z.example.com', 'a.example.com']) await create({ ...given, domain })
    expect((await api('GET', custom)).result).toMatchObject({
      domains: [{ domain: 'z.example.com' }, { domain: 'a.example.com' }],
    })
  })

  test('take changes, and keep what was not changed', async () => {
    await create({ ...given, minTLS: '1.0' })
    const ciphers = ['ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES256-GCM-SHA384']
    const { result } = await api('PUT', `${custom}/a.example.com`, { body: { enabled: false, ciphers } })
    expect(result).toEqual({ domain: 'a.example.com', enabled: false, minTLS: '1.0', ciphers })
    expect((await api('GET', `${custom}/a.example.com`)).result).toMatchObject({
      enabled: false,
      minTLS: '1.0',
      ciphers,
    })
  })

  test('go by the path, whatever domain the body repeats', async () => {
    await create(given)
    const body = { domain: 'b.example.com', minTLS: '1.3' }
    expect((await api('PUT', `${custom}/a.example.com`, { body })).result).toMatchObject({
      domain: 'a.example.com',
    })
  })

  test('are gone when deleted, and the answer names them', async () => {
    await create(given)
    expect((await api('DELETE', `${custom}/a.example.com`)).result).toEqual({ domain: 'a.example.com' })
    expect(await refusal('GET', `${custom}/a.example.com`)).toEqual(refused(404, 10402))
  })

  test.each(['GET', 'PUT', 'DELETE'])('must be there to be asked for: %s', async (method) => {
    const body = method === 'PUT' ? { enabled: true } : undefined
    expect(await refusal(method, `${custom}/nope.example.com`, { body })).toEqual(refused(404, 10402))
  })

  test('lead to one bucket only', async () => {
    await create(given, inEu)
    expect(await refusal('POST', custom, { body: given })).toEqual(refused(409, 10401))
  })

  test('of another jurisdiction are not there', async () => {
    await create(given, inEu)
    expect(await refusal('GET', `${custom}/a.example.com`)).toEqual(refused(404, 10402))
  })

  test('are free again when their bucket is deleted', async () => {
    await create(given)
    await api('DELETE', bucket('media-assets'))
    expect((await create(given, inEu)).status).toBe(200)
  })

  test('number fifty at most', async () => {
    for (let count = 0; count < 50; count += 1) await create({ ...given, domain: `d${count}.example.com` })
    expect(await refusal('POST', custom, { body: given })).toEqual(refused(400, 10403))
  })

  test.each([
    ['no zone', { zoneId: undefined }],
    ['a zone that is no id', { zoneId: 'example.com' }],
    ['a name that is none', { domain: 'https://a.example.com' }],
    ['a name without a dot', { domain: 'localhost' }],
    ['an unknown TLS version', { minTLS: '1.4' }],
    ['ciphers in one text', { ciphers: 'AES' }],
  ])('refuse %s', async (_, part) => {
    expect(await refusal('POST', custom, { body: { ...given, ...part } })).toEqual(refused(400, 10040))
  })
})

describe('the managed domain', () => {
  const answer = z.object({
    bucketId: z.string().regex(/^[0-9a-f]{32}$/),
    domain: z.string(),
    enabled: z.boolean(),
  })
  const get = async (headers = {}) => answer.parse((await api('GET', managed, { headers })).result)

  test('is off at first, and named for the id of the bucket', async () => {
    const { bucketId, ...rest } = await get()
    expect(rest).toEqual({ domain: `pub-${bucketId}.r2.dev`, enabled: false })
  })

  test.each([true, false])('answers a change in the same shape: %s', async (enabled) => {
    const before = await get()
    expect((await api('PUT', managed, { body: { enabled } })).result).toEqual({ ...before, enabled })
    expect(await get()).toEqual({ ...before, enabled })
  })

  test('differs between jurisdictions', async () => {
    expect((await get()).bucketId).not.toBe((await get(inEu)).bucketId)
  })

  test('refuses a change that says nothing', async () => {
    expect(await refusal('PUT', managed, { body: {} })).toEqual(refused(400, 10040))
  })
})
