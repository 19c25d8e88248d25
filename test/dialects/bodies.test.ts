import { expect, test } from 'vitest'
import { call, emulator, everything, keyWithGrants, problemOf } from '../harness.ts'
import { BUCKET, DOMAIN, QUEUE } from '../routes/examples.ts'

/** A body as it arrives: its size, its type, and whether it is JSON at all. */

const MEBIBYTE = 1024 * 1024
const CORS = `/v1/buckets/${BUCKET}/cors`

/** A JSON body of exactly this many bytes. */
const bodyOf = (bytes: number) => JSON.stringify({ rules: [] }).padEnd(bytes, ' ')

function chunked(text: string): ReadableStream<Uint8Array> {
  const [one, two] = [text.slice(0, text.length / 2), text.slice(text.length / 2)]
  return new ReadableStream({
    start(controller) {
      for (const part of [one, two]) controller.enqueue(new TextEncoder().encode(part))
      controller.close()
    },
  })
}

test.each([
  ['with its length told', (text: string) => text],
  ['in chunks', chunked],
])('a body of a byte over 1 MiB, %s, is refused with 413 and nothing is sent', async (_, as) => {
  const key = await keyWithGrants(everything)
  const response = call(CORS, { key, method: 'PUT', body: as(bodyOf(MEBIBYTE + 1)) })
  expect(await problemOf(response)).toMatchObject({ status: 413, code: 'payload_too_large' })
  expect(await emulator.received()).toEqual([])
})

test.each([
  ['with its length told', (text: string) => text],
  ['in chunks', chunked],
])('a body of 1 MiB, %s, is taken', async (_, as) => {
  const key = await keyWithGrants(everything)
  const response = await call(CORS, { key, method: 'PUT', body: as(bodyOf(MEBIBYTE)) })
  expect(response.status).toBe(204)
})

test('a body that is too large is refused before anybody is asked', async () => {
  const { code } = await problemOf(call(CORS, { method: 'PUT', body: bodyOf(MEBIBYTE + 1) }))
  expect(code).toBe('payload_too_large')
})

test.each([
  ['empty', ''],
  ['a blank', ' '],
  ['cut off', '{"rules":[]'],
  ['two values', '{"rules":[]}{"rules":[]}'],
  ['with a comment', '{"rules":[]} // all'],
  ['with a trailing comma', '{"rules":[],}'],
  ['in single quotes', "{'rules':[]}"],
  ['NaN', 'NaN'],
  ['a form', 'rules=none'],
  ['XML', '<rules/>'],
])('a body that is %s is refused as malformed_json, and nothing is sent', async (_, body) => {
  const key = await keyWithGrants(everything)
  const problem = await problemOf(call(CORS, { key, method: 'PUT', body }))
  expect(problem).toMatchObject({ status: 400, code: 'malformed_json' })
  expect(await emulator.received()).toEqual([])
})

test('a body that is nested a hundred thousand deep is refused like any other', async () => {
  const key = await keyWithGrants(everything)
  const body = `{"rules":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
  const problem = await problemOf(call(CORS, { key, method: 'PUT', body }))
  expect(problem).toMatchObject({ status: 400, code: 'invalid_request' })
})

test.each([
  'text/plain',
  'text/plain;charset=UTF-8',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/octet-stream',
  'application/jsonp',
  'application/json-patch+json',
  'application/merge-patch+json',
  'text/json',
  'application/json, text/plain',
  'json',
])('a body of type %s is refused with 415, and nothing is sent', async (type) => {
  const key = await keyWithGrants(everything)
  const headers = { 'content-type': type }
  const problem = await problemOf(call(CORS, { key, method: 'PUT', body: { rules: [] }, headers }))
  expect(problem).toMatchObject({ status: 415, code: 'unsupported_media_type' })
  expect(await emulator.received()).toEqual([])
})

test.each([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset="utf-8"',
  'Application/JSON',
  'application/json ; charset=UTF-8',
])('a body of type %s is taken', async (type) => {
  const key = await keyWithGrants(everything)
  const headers = { 'content-type': type }
  const response = await call(CORS, { key, method: 'PUT', body: { rules: [] }, headers })
  expect(response.status).toBe(204)
})

test.each([
  ['POST', '/v1/buckets'],
  ['PATCH', `/v1/buckets/${BUCKET}`],
  ['PUT', CORS],
  ['PUT', `/v1/buckets/${BUCKET}/lifecycle`],
  ['PUT', `/v1/buckets/${BUCKET}/lock`],
  ['PUT', `/v1/buckets/${BUCKET}/domains/managed`],
  ['POST', `/v1/buckets/${BUCKET}/domains/custom`],
  ['PUT', `/v1/buckets/${BUCKET}/domains/custom/${DOMAIN}`],
  ['PUT', `/v1/buckets/${BUCKET}/event-notifications/queues/${QUEUE}`],
  ['PUT', `/v1/buckets/${BUCKET}/sippy`],
])('%s %s without a body is refused with 415, and nothing is sent', async (method, path) => {
  const key = await keyWithGrants(everything)
  expect(await problemOf(call(path, { key, method }))).toMatchObject({ status: 415 })
  expect(await emulator.received()).toEqual([])
})

test('a body that must be JSON, but comes without a type, is refused with 415', async () => {
  const key = await keyWithGrants(everything)
  const body = chunked(JSON.stringify({ rules: [] }))
  const response = call(CORS, { key, method: 'PUT', body, headers: { 'content-type': '' } })
  expect(await problemOf(response)).toMatchObject({ status: 415 })
})

test('the ids of event notifications that come as text are refused: they must not be taken for "all"', async () => {
  const key = await keyWithGrants(everything)
  const path = `/v1/buckets/${BUCKET}/event-notifications/queues/${QUEUE}`
  const headers = { 'content-type': 'text/plain' }
  const problem = await problemOf(call(path, { key, method: 'DELETE', body: '{"ruleIds":["x"]}', headers }))
  expect(problem.code).toBe('unsupported_media_type')
  expect(await emulator.received()).toEqual([])
})

test('the ids of event notifications that come in chunks are not taken for "all"', async () => {
  const key = await keyWithGrants(everything)
  const path = `/v1/buckets/${BUCKET}/event-notifications/queues/${QUEUE}`
  await call(path, { key, method: 'DELETE', body: chunked('{"ruleIds":["x"]}') })
  expect((await emulator.changes()).map(({ body }) => body)).toEqual(['{"ruleIds":["x"]}'])
})

test('of a field that stands twice, the one that was judged is the one that goes up', async () => {
  const key = await keyWithGrants({ role: 'owner', buckets: ['media-*'] })
  await call('/v1/buckets', { key, method: 'POST', body: '{"name":"finance-new","name":"media-new"}' })
  expect((await emulator.changes()).map(({ body }) => body)).toEqual(['{"name":"media-new"}'])
})

test('what goes up is what was parsed, not what was written', async () => {
  const key = await keyWithGrants(everything)
  await call('/v1/buckets', { key, method: 'POST', body: '\uFEFF { "name" : "media-new" }\n' })
  expect((await emulator.changes()).map(({ body }) => body)).toEqual(['{"name":"media-new"}'])
})
