import { afterEach, describe, expect, test, vi } from 'vitest'
import { readEnvelope } from '../../src/upstream/envelope.ts'
import { call, emulator, everything, keyWithGrants, problemOf } from '../harness.ts'
import { BUCKET } from '../routes/examples.ts'

afterEach(() => vi.restoreAllMocks())

/** An answer that isn't a well-formed envelope is an error, whatever its status. */

const error = { code: 10006, message: 'no such bucket' }
const good = { success: true, errors: [], messages: [], result: { name: BUCKET } }
const bad = { success: false, errors: [error], messages: [], result: null }
const without = (envelope: object, key: string) =>
  Object.fromEntries(Object.entries(envelope).filter(([name]) => name !== key))

const LIES: [string, number, unknown][] = [
  ['success: false with 200', 200, bad],
  ['success: true with 500', 500, good],
  ['success: true with 404', 404, good],
  ['success: true with a redirect', 302, good],
  ['success as text', 200, { ...good, success: 'true' }],
  ['success as a number', 200, { ...good, success: 1 }],
  ['no success', 200, without(good, 'success')],
  ['no errors', 200, without(good, 'errors')],
  ['no messages', 200, without(good, 'messages')],
  ['no result', 200, without(good, 'result')],
  ['errors as null', 200, { ...good, errors: null }],
  ['errors as an object', 200, { ...good, errors: {} }],
  ['messages as text', 200, { ...good, messages: '' }],
  ['a failure without an error', 404, { ...bad, errors: [] }],
  ['an error without a code', 404, { ...bad, errors: [{ message: 'x' }] }],
  ['an error whose code is text', 404, { ...bad, errors: [{ code: '10006', message: 'x' }] }],
  ['an error without a message', 404, { ...bad, errors: [{ code: 10006 }] }],
  ['an error that is null', 404, { ...bad, errors: [null] }],
  ['an array', 200, [good]],
  ['null', 200, null],
  ['text', 200, 'success'],
  ['a number', 200, 1],
]

describe('readEnvelope', () => {
  test('takes a success', () => {
    expect(readEnvelope(200, JSON.stringify(good))).toMatchObject(good)
  })

  test('takes a success without anything to say', () => {
    expect(readEnvelope(200, JSON.stringify({ ...good, result: null }))).toMatchObject({ result: null })
  })

  test('takes a failure that names an error', () => {
    expect(readEnvelope(404, JSON.stringify(bad))).toMatchObject(bad)
  })

  test.each(LIES)('takes %s for no envelope', (_, status, value) => {
    expect(readEnvelope(status, JSON.stringify(value))).toBeNull()
  })

  test.each(['', ' ', '{', '<html>', '{"success":true'])('takes %j for no envelope', (text) => {
    expect(readEnvelope(200, text)).toBeNull()
  })
})

test.each(LIES.filter(([, status]) => status !== 204))(
  'an answer of upstream with %s is answered upstream_error',
  async (_, status, value) => {
    const key = await keyWithGrants(everything)
    await emulator.faults({ status, body: JSON.stringify(value), times: 3 })
    const problem = await problemOf(call(`/v1/buckets/${BUCKET}`, { key }))
    expect(problem).toMatchObject({ status: 502, code: 'upstream_error' })
  },
)

test.each([301, 302, 303, 307, 308])('a redirect (%i) is not followed, and is an error', async (status) => {
  const key = await keyWithGrants(everything)
  await emulator.faults({ status, times: 3 })
  const response = await call(`/v1/buckets/${BUCKET}`, { key })
  expect(await problemOf(response)).toMatchObject({ status: 502, code: 'upstream_error' })
})

test('the token is not carried to where a redirect points', async () => {
  const key = await keyWithGrants(everything)
  const redirect = () => Promise.resolve(Response.redirect('https://elsewhere.example.com/', 307))
  const sent = vi.spyOn(globalThis, 'fetch').mockImplementation(redirect)
  const { code } = await problemOf(call(`/v1/buckets/${BUCKET}`, { key, method: 'DELETE' }))
  const requests = sent.mock.calls.map(([, init]) => init?.redirect)
  expect({ code, requests }).toEqual({ code: 'upstream_error', requests: ['manual'] })
})

test.each([
  ['a bucket', `/v1/buckets/${BUCKET}`, { id: 1 }],
  ['a bucket that is empty', `/v1/buckets/${BUCKET}`, {}],
  ['no bucket', `/v1/buckets/${BUCKET}`, null],
  ['a listing', '/v1/buckets', { names: ['x'] }],
  ['an empty listing', '/v1/buckets', {}],
  ['a listing of text', '/v1/buckets', { buckets: ['media-assets'] }],
  ['a CORS policy', `/v1/buckets/${BUCKET}/cors`, { rules: 'none' }],
  ['an r2.dev domain', `/v1/buckets/${BUCKET}/domains/managed`, { enabled: 'no' }],
])('%s of another shape is answered upstream_error', async (_, path, result) => {
  const key = await keyWithGrants(everything)
  await emulator.faults({ body: JSON.stringify({ ...good, result }), times: 3 })
  expect(await problemOf(call(path, { key }))).toMatchObject({ status: 502, code: 'upstream_error' })
})

test('a listing whose cursor does not move ends with an error, not never', async () => {
  const key = await keyWithGrants(everything)
  const result = { buckets: [{ name: 'media-a' }] }
  const body = JSON.stringify({ ...good, result, result_info: { cursor: 'same' } })
  await emulator.faults({ operation: 'buckets.list', body, times: 100 })
  expect(await problemOf(call('/v1/buckets', { key }))).toMatchObject({ status: 502, code: 'upstream_error' })
})
