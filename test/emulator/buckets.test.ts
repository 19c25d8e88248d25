import { describe, expect, test } from 'vitest'
import { ACCOUNT, api, bucket, emulator, inEu, refusal, refused } from './api.ts'

const create = (body: unknown, headers = {}) => api('POST', '/r2/buckets', { body, headers })
const get = (name: string, headers = {}) => api('GET', bucket(name), { headers })

describe('buckets.create', () => {
  test('answers the bucket with every default', async () => {
    const { result } = await create({ name: 'fresh-bucket' })
    expect(result).toEqual({
      name: 'fresh-bucket',
      creation_date: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      location: 'ENAM',
      storage_class: 'Standard',
      jurisdiction: 'default',
    })
  })

  test('answers the place in upper case, whatever case the hint has', async () => {
    expect((await create({ name: 'lower-hint', locationHint: 'weur' })).result).toMatchObject({
      location: 'WEUR',
    })
    expect((await create({ name: 'upper-hint', locationHint: 'APAC' })).result).toMatchObject({
      location: 'APAC',
    })
  })

  test.each(['apac', 'eeur', 'enam', 'weur', 'wnam', 'oc'])('knows the place %s', async (locationHint) => {
    const { result } = await create({ name: `in-${locationHint}`, locationHint })
    expect(result).toMatchObject({ location: locationHint.toUpperCase() })
  })

  test.each(['default', 'eu', 'us', 'fedramp', 'fedramp-high'])(
    'knows the jurisdiction %s',
    async (jurisdiction) => {
      const { result } = await create({ name: 'anywhere' }, { 'cf-r2-jurisdiction': jurisdiction })
      expect(result).toMatchObject({ jurisdiction })
    },
  )

  test('takes a jurisdiction and a place together', async () => {
    const { result } = await create({ name: 'both', locationHint: 'weur' }, inEu)
    expect(result).toMatchObject({ jurisdiction: 'eu', location: 'WEUR' })
  })

  test('reads JSON labelled text/plain, as wrangler sends it', async () => {
    const { status } = await create({ name: 'from-wrangler' }, { 'content-type': 'text/plain;charset=UTF-8' })
    expect(status).toBe(200)
  })

  test('ignores a jurisdiction in the body, as old SDKs send it', async () => {
    const { result } = await create({ name: 'misdirected', jurisdiction: 'eu' })
    expect(result).toMatchObject({ jurisdiction: 'default' })
  })

  test('refuses a name that is there already', async () => {
    const body = { name: 'media-assets' }
    expect(await refusal('POST', '/r2/buckets', { body })).toEqual(refused(409, 10004))
  })

  test('refuses one bucket too many', async () => {
    await emulator('POST', 'seed', { bucketLimit: 7 })
    await create({ name: 'the-seventh' })
    expect(await refusal('POST', '/r2/buckets', { body: { name: 'the-eighth' } })).toEqual(
      refused(400, 10009),
    )
  })

  test.each(['', 'ab', 'Upper', 'under_score', '-first', 'last-', 'a.b', 'x'.repeat(64)])(
    'refuses the name %j',
    async (name) => {
      expect(await refusal('POST', '/r2/buckets', { body: { name } })).toEqual(refused(400, 10005))
    },
  )

  test.each([
    ['no body', undefined],
    ['no JSON', '{"name":'],
    ['no name', {}],
    ['an unknown storage class', { name: 'a-bucket', storageClass: 'Foo' }],
    ['an unknown place', { name: 'a-bucket', locationHint: 'mars' }],
  ])('refuses %s', async (_, body) => {
    expect(await refusal('POST', '/r2/buckets', { body })).toEqual(refused(400, 10040))
  })
})

describe('a bucket', () => {
  test('is known by jurisdiction and name together', async () => {
    await create({ name: 'only-eu' }, inEu)
    expect((await get('only-eu')).status).toBe(404)
    expect((await get('only-eu', inEu)).status).toBe(200)
  })

  test('can share its name with one in another jurisdiction', async () => {
    await api('DELETE', bucket('media-assets'))
    expect((await get('media-assets')).status).toBe(404)
    expect((await get('media-assets', inEu)).result).toMatchObject({ jurisdiction: 'eu' })
  })

  test('keeps its first place when it is created again', async () => {
    await create({ name: 'settled', locationHint: 'weur' })
    await api('DELETE', bucket('settled'))
    expect((await create({ name: 'settled', locationHint: 'apac' })).result).toMatchObject({
      location: 'WEUR',
    })
  })

  test('loses its settings with its life', async () => {
    await api('PUT', bucket('media-assets', '/cors'), { body: { rules: [] } })
    await api('DELETE', bucket('media-assets'))
    await create({ name: 'media-assets' })
    expect(await refusal('GET', bucket('media-assets', '/cors'))).toEqual(refused(404, 10059))
  })
})

describe('buckets.edit', () => {
  const edit = (storageClass: string) => ({ headers: { 'cf-r2-storage-class': storageClass } })

  test('changes the storage class and nothing else', async () => {
    const { result: before } = await create({ name: 'cooling', locationHint: 'oc' })
    const { result } = await api('PATCH', bucket('cooling'), edit('InfrequentAccess'))
    expect(result).toEqual({ ...Object(before), storage_class: 'InfrequentAccess' })
    expect((await get('cooling')).result).toEqual(result)
  })

  test.each([
    ['none', {}],
    ['an unknown one', edit('Foo')],
  ])('refuses %s', async (_, options) => {
    expect(await refusal('PATCH', bucket('media-assets'), options)).toEqual(refused(400, 10062))
  })

  test('takes no storage class from a body', async () => {
    const body = { storageClass: 'InfrequentAccess' }
    expect(await refusal('PATCH', bucket('media-assets'), { body })).toEqual(refused(400, 10062))
  })
})

describe('buckets.delete', () => {
  test('answers an object, and the bucket is gone', async () => {
    expect((await api('DELETE', bucket('data-lake'))).result).toEqual({})
    expect(await refusal('GET', bucket('data-lake'))).toEqual(refused(404, 10006))
  })

  test('refuses a bucket with objects, naming it and the account', async () => {
    await emulator('POST', 'seed', { buckets: [{ name: 'full-bucket', objects: 3 }] })
    const { status, errors } = await api('DELETE', bucket('full-bucket'))
    expect({ status, code: errors[0]?.code }).toEqual({ status: 409, code: 10008 })
    expect(errors[0]?.message).toContain('full-bucket')
    expect(errors[0]?.message).toContain(ACCOUNT)
  })
})
