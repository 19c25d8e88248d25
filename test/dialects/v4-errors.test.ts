import { describe, expect, test } from 'vitest'
import { applyPolicy, call, createKey, emulator, everything, keyWithGrants } from '../harness.ts'
import { BUCKET } from '../routes/examples.ts'
import { A, envelopeOf } from './v4-examples.ts'

/** Refusals: Cloudflare's own as they were, the warden's in the same envelope. */

const bucket = `${A}/r2/buckets/${BUCKET}`
const cors = { rules: [{ allowed: { origins: ['https://a.example.com'], methods: ['GET'] } }] }

describe('a refusal of Cloudflare’s', () => {
  test.each([400, 404, 405, 409, 412, 422, 429])('keeps its status %i', async (status) => {
    const key = await keyWithGrants(everything)
    await emulator.faults({ operation: 'buckets.cors.update', status })
    expect((await call(`${bucket}/cors`, { key, method: 'PUT', body: cors })).status).toBe(status)
  })

  test('keeps its codes, messages and documentation_url', async () => {
    const key = await keyWithGrants(everything)
    const errors = [
      {
        code: 10081,
        message: 'Data Catalog is enabled.',
        documentation_url: 'https://developers.cloudflare.com/x',
      },
      { code: 12345, message: 'Another.', error_chain: [{ code: 1, message: 'Cause.' }] },
    ]
    const envelope = { success: false, errors, messages: ['look here'], result: null }
    await emulator.faults({
      operation: 'buckets.lifecycle.update',
      status: 409,
      body: JSON.stringify(envelope),
    })
    const response = await call(`${bucket}/lifecycle`, { key, method: 'PUT', body: { rules: [] } })
    expect(await envelopeOf(response)).toMatchObject({
      errors,
      messages: ['look here'],
      result: null,
    })
  })

  test.each([
    [10042, 'Please enable R2 through the Cloudflare Dashboard.'],
    [10069, 'The object is locked by the bucket policy.'],
    [99_999, 'Not known yet.'],
  ])('of status 403 that is not of the token is told as it is: %i', async (code, message) => {
    const key = await keyWithGrants(everything)
    await emulator.faults({ operation: 'buckets.get', status: 403, code, message })
    const response = await call(bucket, { key })
    expect([response.status, (await envelopeOf(response)).errors]).toEqual([403, [{ code, message }]])
  })

  test.each([1000, 6003, 6111, 9103, 9106, 9109, 10000, 10002, 10003])(
    'of status 403 that is of the token is the warden’s own: %i',
    async (code) => {
      const key = await keyWithGrants(everything)
      await emulator.faults({ operation: 'buckets.get', status: 403, code, message: 'no' })
      expect((await call(bucket, { key })).status).toBe(502)
    },
  )

  test('keeps its Retry-After, and may be tried again', async () => {
    const key = await keyWithGrants(everything)
    await emulator.faults({ operation: 'buckets.cors.update', kind: 'rate-limited', retryAfter: 7 })
    const { status, headers } = await call(`${bucket}/cors`, { key, method: 'PUT', body: cors })
    expect([status, headers.get('retry-after'), headers.get('x-should-retry')]).toEqual([429, '7', null])
  })

  test('409 is marked as nothing to try again', async () => {
    const key = await keyWithGrants(everything)
    const { status, headers } = await call(`${A}/r2/buckets`, { key, method: 'POST', body: { name: BUCKET } })
    expect([status, headers.get('x-should-retry')]).toEqual([409, 'false'])
  })

  test('of the warden’s own token is never shown as the caller’s', async () => {
    const key = await keyWithGrants(everything)
    await emulator.faults({
      operation: 'buckets.get',
      status: 403,
      code: 10000,
      message: 'Authentication error',
    })
    const response = await call(bucket, { key })
    const { errors } = await envelopeOf(response)
    expect([response.status, errors.map(({ code }) => code)]).toEqual([502, [10001]])
  })

  test('of the warden’s own token is marked as nothing to try again', async () => {
    const key = await keyWithGrants(everything)
    await emulator.faults({ operation: 'buckets.get', status: 401, times: 3 })
    expect((await call(bucket, { key })).headers.get('x-should-retry')).toBe('false')
  })
})

describe('a bucket name that is none', () => {
  test.each(['Media', 'no', '', 'a_b'])('is 10005 on creation: %s', async (name) => {
    const response = await call(`${A}/r2/buckets`, {
      key: await keyWithGrants(everything),
      method: 'POST',
      body: { name },
    })
    expect([response.status, (await envelopeOf(response)).errors[0]?.code]).toEqual([400, 10005])
    expect(await emulator.received()).toEqual([])
  })

  test('is 10005 in a path', async () => {
    const response = await call(`${A}/r2/buckets/Media`, { key: await keyWithGrants(everything) })
    expect([response.status, (await envelopeOf(response)).errors[0]?.code]).toEqual([400, 10005])
  })

  test('is another mistake where there is no name at all: 10040', async () => {
    const response = await call(`${A}/r2/buckets`, {
      key: await keyWithGrants(everything),
      method: 'POST',
      body: {},
    })
    expect([response.status, (await envelopeOf(response)).errors[0]?.code]).toEqual([400, 10040])
  })
})

describe('an answer that is none', () => {
  test.each(['broken-connection', 'broken-body', 'not-json'])(
    '%s is told in the envelope: 502',
    async (kind) => {
      const key = await keyWithGrants(everything)
      await emulator.faults({ operation: 'buckets.cors.update', kind })
      const response = await call(`${bucket}/cors`, { key, method: 'PUT', body: cors })
      expect([response.status, response.headers.get('x-should-retry')]).toEqual([502, null])
      expect(await envelopeOf(response)).toMatchObject({
        success: false,
        errors: [{ code: 10001 }],
        result: null,
        message: expect.stringContaining(`GET /v1/audit/${response.headers.get('x-request-id')}`),
      })
    },
  )
})

describe('a violated guardrail', () => {
  const origins = ['https://a.example.com', 'https://b.example.com']
  const refused = async () => {
    await applyPolicy({
      teams: {
        team: {
          grants: [everything],
          guardrails: [{ name: 'own', cors: { origins: ['https://own.example.com'] } }],
        },
      },
    })
    const body = { rules: [{ allowed: { origins, methods: ['GET'] } }] }
    return call(`${bucket}/cors`, { key: await createKey('team'), method: 'PUT', body })
  }

  test('is one error for each value, with its place and what is allowed', async () => {
    const message = (at: number) =>
      `own, /rules/0/allowed/origins/${at}: origin ${origins[at]} is not allowed; allowed: https://own.example.com.`
    const documentation_url = 'https://warden.test/docs/errors#guardrail_violation'
    expect((await envelopeOf(refused())).errors).toEqual([
      { code: 10003, message: message(0), documentation_url },
      { code: 10003, message: message(1), documentation_url },
    ])
  })

  test('is the message too, for SDKs', async () => {
    expect((await envelopeOf(refused())).message).toContain('/rules/0/allowed/origins/1')
  })

  test('is 403, and nothing to try again', async () => {
    const { status, headers } = await refused()
    expect([status, headers.get('x-should-retry'), await emulator.received()]).toEqual([403, 'false', []])
  })

  test('that only warns passes, and is told in messages', async () => {
    await applyPolicy({
      teams: {
        team: {
          grants: [everything],
          guardrails: [{ name: 'own', mode: 'warn', cors: { origins: ['https://own.example.com'] } }],
        },
      },
    })
    const response = await call(`${bucket}/cors`, { key: await createKey('team'), method: 'PUT', body: cors })
    expect(await envelopeOf(response)).toMatchObject({
      success: true,
      messages: [expect.stringContaining('guardrail own: ')],
    })
  })
})

describe('a path that names nothing is told in the envelope', () => {
  test.each([
    ['an empty name', `${A}/r2/buckets/`, 400, 'is a name empty?'],
    ['a base URL that ends in a slash', `/client/v4//accounts/x/r2/buckets`, 400, 'base URL end in a slash?'],
    ['an encoded slash', `${A}/r2/buckets/a%2Fb`, 400, 'Write the path plainly'],
  ])('%s', async (_, path, status, message) => {
    const response = await call(path, { key: await keyWithGrants(everything) })
    expect([response.status, (await envelopeOf(response)).message]).toEqual([
      status,
      expect.stringContaining(message),
    ])
    expect(await emulator.received()).toEqual([])
  })
})
