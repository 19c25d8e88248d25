import { describe, expect, test } from 'vitest'
import { call, emulator, everything, keyWithGrants } from '../harness.ts'
import { BUCKET, DOMAIN, QUEUE, ZONE } from '../routes/examples.ts'
import { A, envelopeOf } from './v4-examples.ts'

/** Bodies as Cloudflare's clients send them: of any content type, with fields that the warden does not know. */

const own = `${A}/r2/buckets/${BUCKET}`
const rule = { allowed: { origins: ['https://a.example.com'], methods: ['GET'] } }

async function lastSent() {
  return (await emulator.changes()).at(-1)
}

describe('a body passes', () => {
  test('labelled text/plain, as wrangler sends a creation', async () => {
    const key = await keyWithGrants(everything)
    const headers = { 'content-type': 'text/plain;charset=UTF-8' }
    const body = JSON.stringify({ name: 'media-new', storageClass: 'InfrequentAccess' })
    expect((await call(`${A}/r2/buckets`, { key, method: 'POST', body, headers })).status).toBe(200)
    expect(JSON.parse((await lastSent())?.body ?? '')).toEqual(JSON.parse(body))
  })

  test('with fields that are not known here, which go up as they are', async () => {
    const key = await keyWithGrants(everything)
    const body = { rules: [{ ...rule, soon: { deep: [1, null] } }], later: true }
    await call(`${own}/cors`, { key, method: 'PUT', body })
    expect(JSON.parse((await lastSent())?.body ?? '')).toEqual(body)
  })

  test('without fields, as the SDK sends no rules', async () => {
    const key = await keyWithGrants(everything)
    await call(`${own}/lifecycle`, { key, method: 'PUT', body: {} })
    expect((await lastSent())?.body).toBe('{}')
  })

  test('of a change to a domain that names it again, as wrangler does', async () => {
    const key = await keyWithGrants(everything)
    await call(`${own}/domains/custom`, {
      key,
      method: 'POST',
      body: { domain: DOMAIN, zoneId: ZONE, enabled: true },
    })
    const body = { domain: DOMAIN, minTLS: '1.3' }
    const response = await call(`${own}/domains/custom/${DOMAIN}`, { key, method: 'PUT', body })
    expect([response.status, JSON.parse((await lastSent())?.body ?? '')]).toEqual([200, body])
  })

  test('that is empty though it is labelled JSON, as wrangler removes all rules of a queue', async () => {
    const key = await keyWithGrants(everything)
    const queue = `${A}/event_notifications/r2/${BUCKET}/configuration/queues/${QUEUE}`
    await call(queue, { key, method: 'PUT', body: { rules: [{ actions: ['PutObject'] }] } })
    const headers = { 'content-type': 'application/json' }
    expect((await call(queue, { key, method: 'DELETE', headers })).status).toBe(200)
    expect((await lastSent())?.body).toBe('')
  })

  test('with the rules to remove, which go up', async () => {
    const key = await keyWithGrants(everything)
    const queue = `${A}/event_notifications/r2/${BUCKET}/configuration/queues/${QUEUE}`
    await call(queue, { key, method: 'DELETE', body: { ruleIds: ['some-id'] } })
    expect((await lastSent())?.body).toBe('{"ruleIds":["some-id"]}')
  })

  test.each(['GET', 'DELETE'])(
    'that is empty, on a %s labelled JSON, as the Python SDK labels all',
    async (method) => {
      const key = await keyWithGrants(everything)
      const headers = { 'content-type': 'application/json' }
      expect((await call(own, { key, method, headers })).status).toBe(200)
    },
  )

  test('that is empty, on a PATCH labelled JSON, with the storage class in its header', async () => {
    const key = await keyWithGrants(everything)
    const headers = { 'content-type': 'application/json', 'cf-r2-storage-class': 'InfrequentAccess' }
    expect((await call(own, { key, method: 'PATCH', headers })).status).toBe(200)
    expect(await lastSent()).toMatchObject({
      body: '',
      headers: { 'cf-r2-storage-class': 'InfrequentAccess' },
    })
  })
})

describe('a body is refused, and nothing is sent', () => {
  test.each([
    ['that is not JSON', '{"rules":'],
    ['that is a list', '[]'],
    ['that is null', 'null'],
    ['that is a text', '"rules"'],
  ])('%s', async (_, body) => {
    const key = await keyWithGrants(everything)
    const response = await call(`${own}/cors`, { key, method: 'PUT', body })
    expect([response.status, response.headers.get('x-should-retry')]).toEqual([400, 'false'])
    expect((await envelopeOf(response)).errors).toMatchObject([
      { code: 10040, message: 'The JSON you provided was not well formed.' },
    ])
    expect(await emulator.received()).toEqual([])
  })

  test.each([undefined, '{}', '{"name":1}', '{"name":"Upper"}', '{"name":"a"}', '{"name":"../x"}'])(
    'of a creation that names no bucket: %s',
    async (body) => {
      const key = await keyWithGrants(everything)
      const response = await call(`${A}/r2/buckets`, { key, method: 'POST', ...(body && { body }) })
      expect(response.status).toBe(400)
      expect(await emulator.received()).toEqual([])
    },
  )

  test('that says `jurisdiction`, with the header that is meant', async () => {
    const key = await keyWithGrants(everything)
    const body = { rules: [rule], jurisdiction: 'eu' }
    const response = await call(`${own}/cors`, { key, method: 'PUT', body })
    expect([response.status, (await envelopeOf(response)).message]).toEqual([
      400,
      expect.stringContaining('header cf-r2-jurisdiction'),
    ])
    expect(await emulator.received()).toEqual([])
  })

  test('that is over 1 MiB, in the envelope', async () => {
    const key = await keyWithGrants(everything)
    const body = JSON.stringify({ rules: [], filler: 'x'.repeat(1024 * 1024) })
    const response = await call(`${own}/cors`, { key, method: 'PUT', body })
    expect([response.status, (await envelopeOf(response)).errors[0]?.code]).toEqual([413, 100100])
    expect(await emulator.received()).toEqual([])
  })
})

describe('what stands twice in a body', () => {
  test('is judged as it goes up: the last', async () => {
    const key = await keyWithGrants({ role: 'admin', buckets: ['media-*'] })
    const body = '{"name":"media-new","name":"finance-new"}'
    expect((await call(`${A}/r2/buckets`, { key, method: 'POST', body })).status).toBe(403)
    expect(await emulator.received()).toEqual([])
  })
})
