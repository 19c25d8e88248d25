import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { operationNames } from '../../src/routes/index.ts'
import { call, emulator, everything, keyWithGrants, type Received } from '../harness.ts'
import { isReadAfterwards, readOf } from './around.ts'
import { BUCKET, changes, type Example, examples, placed, QUEUE } from './examples.ts'
import { perform } from './perform.ts'

const ACCOUNT = `/client/v4/accounts/${env.CLOUDFLARE_ACCOUNT_ID}`

/** Added by the runtime between the warden and upstream; not of the warden's making. */
const TRANSPORT = new Set(['cf-worker', 'content-length'])

const headersOf = ({ headers }: Received) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !TRANSPORT.has(name)))

function expectedCall({ name, method, body, sent }: Example, headers: Record<string, string> = {}) {
  const goesUp = sent.body === undefined ? body : sent.body
  const hasBody = goesUp !== undefined && goesUp !== null
  return {
    operation: name,
    method,
    path: ACCOUNT + sent.path,
    query: sent.query ?? '',
    headers: {
      authorization: `Bearer ${env.CLOUDFLARE_API_TOKEN}`,
      'user-agent': 'r2-warden',
      ...(hasBody && { 'content-type': 'application/json' }),
      ...sent.headers,
      ...headers,
    },
    body: hasBody ? JSON.stringify(goesUp) : '',
  }
}

const shapeOf = (received: Received) => {
  const { operation, method, path, query, body } = received
  return { operation, method, path, query, headers: headersOf(received), body }
}

test('the examples name each of the 27 operations once', () => {
  expect(examples.map(({ name }) => name).sort()).toEqual([...operationNames].sort())
  expect(examples).toHaveLength(27)
})

test.each(examples)('$name succeeds with $status', async (example) => {
  const key = await keyWithGrants(everything)
  const { response } = await perform(example, { key })
  expect(response.status).toBe(example.status)
})

test.each(examples)('$name goes up once, built from its own parts: $method $sent.path', async (example) => {
  const key = await keyWithGrants(everything)
  const { sent } = await perform(example, { key })
  expect(sent.map(shapeOf)).toEqual([expectedCall(example)])
})

describe.each([
  { place: 'default', query: '', headers: {} },
  { place: 'eu', query: '?jurisdiction=eu', headers: { 'cf-r2-jurisdiction': 'eu' } },
])('in $place', ({ query, headers }) => {
  test.each(changes)('around $name nothing goes up but reads of what it changes', async (example) => {
    const key = await keyWithGrants(everything)
    const { around } = await perform(example, { key, query })
    const read = expectedCall(readOf(example), headers)
    expect(around.map(shapeOf)).toEqual(isReadAfterwards(example) ? [read, read] : [read])
  })
})

test.each(changes)('$name goes up after the read of what was there, before any other', async (example) => {
  const key = await keyWithGrants(everything)
  const { sent, around } = await perform(example, { key })
  const [before, ...after] = around.map(({ id }) => id)
  const [own] = sent.map(({ id }) => id)
  expect([before, own, ...after]).toEqual([...sent, ...around].map(({ id }) => id).sort((a, b) => a - b))
})

test.each(placed)('$name names a jurisdiction other than default in a header', async (example) => {
  const key = await keyWithGrants(everything)
  const { sent } = await perform(example, { key, query: '?jurisdiction=eu' })
  expect(sent.map(shapeOf)).toEqual([expectedCall(example, { 'cf-r2-jurisdiction': 'eu' })])
})

test.each(['us', 'fedramp', 'fedramp-high'])('a bucket can be made and read in %s', async (jurisdiction) => {
  const key = await keyWithGrants(everything)
  await call(`/v1/buckets?jurisdiction=${jurisdiction}`, { key, method: 'POST', body: { name: 'a-bucket' } })
  const response = await call(`/v1/buckets/a-bucket?jurisdiction=${jurisdiction}`, { key })
  expect(await response.json()).toMatchObject({ name: 'a-bucket', jurisdiction })
})

test('the default jurisdiction may be named, and goes up without a header', async () => {
  const key = await keyWithGrants(everything)
  await call(`/v1/buckets/${BUCKET}?jurisdiction=default`, { key })
  const [sent] = await emulator.received()
  expect(sent?.headers).not.toHaveProperty('cf-r2-jurisdiction')
})

test('removing event notifications without ids sends no body, and removes all of the queue', async () => {
  const key = await keyWithGrants(everything)
  const path = `/v1/buckets/${BUCKET}/event-notifications/queues/${QUEUE}`
  await call(path, { key, method: 'PUT', body: { rules: [{ actions: ['PutObject'] }] } })
  await call(path, { key, method: 'DELETE' })
  expect((await emulator.changes()).at(-1)).toMatchObject({ method: 'DELETE', body: '' })
  expect((await call(path, { key })).status).toBe(404)
})

test('removing event notifications by id sends the ids, and leaves the others', async () => {
  const key = await keyWithGrants(everything)
  const path = `/v1/buckets/${BUCKET}/event-notifications/queues/${QUEUE}`
  await call(path, {
    key,
    method: 'PUT',
    body: { rules: [{ actions: ['PutObject'] }, { actions: ['DeleteObject'] }] },
  })
  const { rules } = await (await call(path, { key })).json<{ rules: { ruleId: string }[] }>()
  const ruleIds = rules.slice(0, 1).map(({ ruleId }) => ruleId)
  await call(path, { key, method: 'DELETE', body: { ruleIds } })
  expect((await emulator.changes()).at(-1)?.body).toBe(JSON.stringify({ ruleIds }))
  const left = await (await call(path, { key })).json<{ rules: { ruleId: string }[] }>()
  expect(left.rules).toEqual(rules.slice(1))
})

test('an empty body with a JSON content type removes all rules, as clients without ids send it', async () => {
  const key = await keyWithGrants(everything)
  const path = `/v1/buckets/${BUCKET}/event-notifications/queues/${QUEUE}`
  await call(path, { key, method: 'PUT', body: { rules: [{ actions: ['PutObject'] }] } })
  const headers = { 'content-type': 'application/json', 'content-length': '0' }
  expect((await call(path, { key, method: 'DELETE', headers })).status).toBe(204)
})
