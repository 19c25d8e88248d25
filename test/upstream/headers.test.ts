import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { call, emulator, everything, keyWithGrants } from '../harness.ts'
import { isReadAfterwards, readOf } from '../routes/around.ts'
import { BUCKET, changes, type Example, examples, isRead } from '../routes/examples.ts'
import { type Performed, perform, prepare, send } from '../routes/perform.ts'

/** Only named headers go up, only named headers come down, and each answer has an id of its own. */

const ODD = {
  'cf-r2-storage-class': 'InfrequentAccess',
  'cf-r2-data-catalog-check': 'true',
  'cf-access-client-id': 'someone',
  'cf-connecting-ip': '203.0.113.9',
  'x-auth-key': 'global-key',
  'x-auth-email': 'someone@example.com',
  'x-auth-user-service-key': 'v1.0-x',
  'x-forwarded-for': '203.0.113.9',
  'x-forwarded-host': 'evil.example.com',
  'x-forwarded-proto': 'http',
  'x-original-url': '/v1/metrics',
  'x-rewrite-url': '/v1/metrics',
  'x-http-method-override': 'DELETE',
  'x-request-id': 'mine',
  'x-custom': 'anything',
  forwarded: 'for=203.0.113.9;host=evil.example.com',
  cookie: 'session=x',
  origin: 'https://evil.example.com',
  referer: 'https://evil.example.com/',
  'proxy-authorization': 'Basic eDp5',
  'accept-language': 'mi',
  'if-none-match': '"x"',
  range: 'bytes=0-1',
  'user-agent': 'a-caller',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
}

/** What may arrive upstream. The first two are added by the runtime. */
const NAMED = [
  'cf-worker',
  'content-length',
  'authorization',
  'cf-r2-jurisdiction',
  'cf-r2-storage-class',
  'content-type',
  'user-agent',
]
const DOWN = ['cache-control', 'content-type', 'x-content-type-options', 'x-request-id']

/** Of all that an example sends up, the reads around a change among it. */
const headersOf = ({ sent, around }: Performed) => [...sent, ...around].map(({ headers }) => headers)

test.each(examples)('$name: no header of the caller goes up', async (example) => {
  const key = await keyWithGrants(everything)
  const plain = headersOf(await perform(example, { key }))
  await emulator.reset()
  const odd = headersOf(await perform(example, { key, headers: ODD }))
  expect(plain.flatMap(Object.keys).filter((name) => !NAMED.includes(name))).toEqual([])
  expect(odd).toEqual(plain)
})

test.each(changes)('$name: what the warden itself is asked in headers does not go up', async (example) => {
  const key = await keyWithGrants(everything)
  await prepare(example, { key })
  const tag = (await send(readOf(example), { key })).headers.get('etag')
  const precondition = tag === null ? { 'if-none-match': '*' } : { 'if-match': tag }
  const before = (await emulator.received()).length
  const headers = { ...precondition, 'idempotency-key': crypto.randomUUID() }
  expect((await send(example, { key, headers })).status).toBe(example.status)
  const sent = (await emulator.received()).slice(before).flatMap((one) => Object.keys(one.headers))
  expect(sent.filter((name) => !NAMED.includes(name))).toEqual([])
})

test("the account's token goes up in the place of the team's key", async () => {
  const key = await keyWithGrants(everything)
  await call(`/v1/buckets/${BUCKET}`, { key })
  const [sent] = await emulator.received()
  expect(sent?.headers.authorization).toBe(`Bearer ${env.CLOUDFLARE_API_TOKEN}`)
  expect(JSON.stringify(sent)).not.toContain(key)
})

test("a caller's header cannot turn one method into another", async () => {
  const key = await keyWithGrants({ role: 'viewer', buckets: ['*'] })
  const headers = { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE' }
  await call(`/v1/buckets/${BUCKET}`, { key, headers })
  expect((await emulator.received()).map(({ method }) => method)).toEqual(['GET'])
})

const OF_THE_ACCOUNT = ['buckets.list', 'buckets.metrics.list']

/** What is read of a bucket is told with its tag, and so is a configuration that has just been changed. */
const isTagged = (example: Example) =>
  isRead(example) ? !OF_THE_ACCOUNT.includes(example.name) : isReadAfterwards(example)

test.each(examples)('$name: only named headers come down', async (example) => {
  const { response } = await perform(example, { key: await keyWithGrants(everything) })
  const added = [...response.headers.keys()].filter((name) => !DOWN.includes(name))
  expect(added).toEqual(isTagged(example) ? ['etag'] : [])
})

test.each(['nope', 'basic', 'r2w_'])(
  'no header of a refusal of upstream comes down (%s)',
  async (message) => {
    const key = await keyWithGrants(everything)
    await emulator.faults({ operation: 'buckets.delete', status: 400, message, retryAfter: 7 })
    const response = await call(`/v1/buckets/${BUCKET}`, { key, method: 'DELETE' })
    const allowed = [...DOWN, 'retry-after']
    expect([...response.headers.keys()].filter((name) => !allowed.includes(name))).toEqual([])
  },
)

const KINDS: [string, string, string, boolean][] = [
  ['a success', 'GET', `/v1/buckets/${BUCKET}`, true],
  ['a success without a body', 'DELETE', `/v1/buckets/${BUCKET}`, true],
  ["upstream's refusal", 'GET', '/v1/buckets/no-such-bucket', true],
  ['a 401', 'GET', '/v1/buckets', false],
  ['a path that is not canonical', 'GET', '/v1//buckets', false],
  ['a route that is not there', 'GET', '/v1/nothing', false],
  ['a wrong verb', 'PUT', '/v1/buckets', false],
  ['a wrong body', 'POST', '/v1/buckets', true],
  ['whoami', 'GET', '/v1/whoami', true],
  ['healthz', 'GET', '/healthz', false],
  ['readyz', 'GET', '/readyz', false],
  ['the OpenAPI document', 'GET', '/v1/openapi.json', false],
  ['a page of the documentation', 'GET', '/docs', false],
]
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

test.each(KINDS)(
  "%s carries a request id of its own, never the caller's",
  async (_, method, path, hasKey) => {
    const key = await keyWithGrants(everything)
    const ask = { ...(hasKey && { key }), method, headers: { 'x-request-id': 'mine' } }
    const [one, other] = [await call(path, ask), await call(path, ask)]
    const ids = [one, other].map(({ headers }) => headers.get('x-request-id'))
    expect(ids).toEqual([expect.stringMatching(UUID), expect.stringMatching(UUID)])
    expect(new Set(ids).size).toBe(2)
  },
)

test('a problem names the request id of its header', async () => {
  const response = await call('/v1/buckets')
  const { requestId } = await response.json<{ requestId: string }>()
  expect(requestId).toBe(response.headers.get('x-request-id'))
})

test.each(examples)('$name: no answer may be kept by a cache', async (example) => {
  const key = await keyWithGrants()
  expect((await send(example, { key })).headers.get('cache-control')).toBe('no-store')
})
