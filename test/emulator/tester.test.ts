import { abortAllDurableObjects } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { RequestLog } from '../../emulator/src/request-log.ts'
import { api, bucket, emulator, inEu, list, send, TOKEN } from './api.ts'
import { fullPath } from './operations.ts'

const log = z.object({
  requests: z.array(
    z.object({
      at: z.iso.datetime(),
      id: z.int(),
      operation: z.string().nullable(),
      method: z.string(),
      path: z.string(),
      query: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.string(),
      ray: z.string(),
      status: z.int().nullable(),
    }),
  ),
})
const received = async (query = '') => log.parse(await emulator('GET', `requests${query}`)).requests

describe('the request log', () => {
  test('holds what came, as it came', async () => {
    const body = '{ "rules" : [] }'
    await api('PUT', `${bucket('media-assets', '/cors')}?a=b%20c`, { body, headers: inEu })
    expect(await received()).toEqual([
      expect.objectContaining({
        operation: 'buckets.cors.update',
        method: 'PUT',
        path: fullPath('/r2/buckets/media-assets/cors'),
        query: 'a=b%20c',
        headers: expect.objectContaining({ authorization: `Bearer ${TOKEN}`, ...inEu }),
        body,
        status: 200,
      }),
    ])
  })

  test('holds what was refused: no token, no route, no such verb', async () => {
    await send('GET', fullPath('/r2/buckets'), { headers: { authorization: '' } })
    await send('GET', '/client/v4/nowhere')
    await send('POST', fullPath('/r2/metrics'))
    expect((await received()).map(({ operation, status }) => [operation, status])).toEqual([
      [null, 401],
      [null, 404],
      [null, 405],
    ])
  })

  test('names each answer as the answer does, in the form of Cloudflare, and no two alike', async () => {
    const answers = [await send('GET', '/client/v4/nowhere')]
    for (const _ of [1, 2]) answers.push(await send('GET', fullPath('/r2/metrics')))
    const rays = answers.map(({ headers }) => headers.get('cf-ray'))
    expect(new Set(rays).size).toBe(3)
    expect(rays).toEqual((await received()).map(({ ray }) => ray))
    expect(rays.every((ray) => /^[0-9a-f]{16}-[A-Z]{3}$/.test(ray ?? ''))).toBe(true)
  })

  test('goes from the oldest to the newest', async () => {
    for (const path of ['/r2/metrics', '/r2/buckets']) await api('GET', path)
    expect((await received()).map(({ operation }) => operation)).toEqual([
      'buckets.metrics.list',
      'buckets.list',
    ])
  })

  test('can be read from where one left off', async () => {
    await api('GET', '/r2/metrics')
    const [first] = await received()
    await api('GET', '/r2/buckets')
    expect((await received(`?since=${first?.id}`)).map(({ operation }) => operation)).toEqual([
      'buckets.list',
    ])
  })

  test('leaves the tester out', async () => {
    await emulator('GET', 'health')
    expect(await received()).toEqual([])
  })

  test.each([
    ['DELETE', 'requests'],
    ['POST', 'reset'],
  ])('is cleared by %s %s', async (method, path) => {
    await api('GET', '/r2/metrics')
    await emulator(method, path)
    expect(await received()).toEqual([])
  })

  test('can be switched off and on', async () => {
    expect(await emulator('POST', 'log', { enabled: false })).toEqual({ enabled: false })
    await api('GET', '/r2/metrics')
    await emulator('POST', 'log', { enabled: true })
    expect(await received()).toEqual([])
  })

  test('keeps the newest ten thousand', () => {
    const log = new RequestLog()
    for (let count = 0; count < 25_000; count += 1) log.add(new Request('https://emulator.test/'), '')
    const kept = log.since(0)
    expect([kept.length, kept.at(0)?.id, kept.at(-1)?.id]).toEqual([10_000, 15_001, 25_000])
  })

  test('lets go of the oldest when the bodies grow too large to keep', () => {
    const log = new RequestLog()
    const body = 'x'.repeat(1024 * 1024)
    for (let count = 0; count < 100; count += 1) log.add(new Request('https://emulator.test/'), body)
    const kept = log.since(0)
    expect(kept.length).toBeLessThanOrEqual(64)
    expect(kept.at(-1)?.id).toBe(100)
  })
})

describe('a restart', () => {
  test('keeps buckets and their settings, by jurisdiction', async () => {
    const rules = [{ allowed: { origins: ['*'], methods: ['GET'] } }]
    await api('PUT', bucket('media-assets', '/cors'), { body: { rules }, headers: inEu })
    await api('DELETE', bucket('media-assets'))
    await abortAllDurableObjects()
    expect((await api('GET', bucket('media-assets', '/cors'), { headers: inEu })).result).toEqual({ rules })
    expect((await api('GET', bucket('media-assets'))).status).toBe(404)
  })

  test('does not bring the initial buckets back', async () => {
    await api('DELETE', bucket('data-lake'))
    await abortAllDurableObjects()
    expect((await list()).names).not.toContain('data-lake')
  })

  test('loses neither log nor faults, when only the object was evicted', async () => {
    await emulator('POST', 'faults', { status: 500 })
    await api('GET', '/nowhere')
    await abortAllDurableObjects()
    expect((await api('GET', '/r2/metrics')).status).toBe(500)
    expect(await received()).toHaveLength(2)
  })
})

describe('reset', () => {
  test('brings back the initial buckets, and only those', async () => {
    await api('DELETE', bucket('data-lake'))
    await api('POST', '/r2/buckets', { body: { name: 'passing' } })
    expect(await emulator('POST', 'reset')).toEqual({ buckets: 6, queues: 2 })
    expect((await list()).names).toEqual([
      'data-lake',
      'finance-ledger',
      'media-assets',
      'media-site-prod',
      'shared-assets',
    ])
  })

  test('forgets where a bucket once was', async () => {
    await api('POST', '/r2/buckets', { body: { name: 'settled', locationHint: 'weur' } })
    await emulator('POST', 'reset')
    const { result } = await api('POST', '/r2/buckets', { body: { name: 'settled', locationHint: 'oc' } })
    expect(result).toMatchObject({ location: 'OC' })
  })
})

describe('seed', () => {
  test('makes buckets as they are described', async () => {
    const wanted = {
      name: 'seeded',
      jurisdiction: 'eu',
      location: 'weur',
      storageClass: 'InfrequentAccess',
      objects: 1,
    }
    expect(await emulator('POST', 'seed', { buckets: [wanted] })).toEqual({ buckets: 7, queues: 2 })
    expect((await api('GET', bucket('seeded'), { headers: inEu })).result).toMatchObject({
      jurisdiction: 'eu',
      location: 'WEUR',
      storage_class: 'InfrequentAccess',
    })
  })

  test('generates buckets in a jurisdiction', async () => {
    await emulator('POST', 'seed', { generate: { count: 2, prefix: 'gen-', jurisdiction: 'eu' } })
    expect((await list('', inEu)).names).toEqual(['gen-000001', 'gen-000002', 'media-assets'])
  })

  test.each([
    ['a bad name', { buckets: [{ name: 'No' }] }],
    ['an unknown field', { bucket: [] }],
    ['no JSON', 'x'],
  ])('refuses %s, saying why', async (_, body) => {
    expect(await emulator('POST', 'seed', body)).toEqual({ error: expect.any(String) })
  })
})

describe('the index', () => {
  test('names every endpoint', async () => {
    expect(Object.keys(Object(await emulator('GET', '')))).toContain('POST /__emulator/faults')
  })

  test('is what an unknown endpoint answers with', async () => {
    expect(await emulator('GET', 'nope')).toMatchObject({ endpoints: expect.any(Object) })
  })
})
