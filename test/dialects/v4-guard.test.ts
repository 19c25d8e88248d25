import { describe, expect, test } from 'vitest'
import { operationOf } from '../../src/gateway/mount.ts'
import { app } from '../../src/index.ts'
import { operations } from '../../src/routes/index.ts'
import {
  applyPolicy,
  call,
  createKey,
  emulator,
  everything,
  keyWithGrants,
  type Received,
} from '../harness.ts'
import { BUCKET, DOMAIN, examples, QUEUE } from '../routes/examples.ts'
import { perform } from '../routes/perform.ts'
import { ACCOUNT, envelopeOf, performV4, sendV4, V4 } from './v4-examples.ts'

/** The second face of the same operations has the same guard. */

/** What clients ask around the operations: answered for the caller, and of the caller only. */
const SURROUNDINGS = [
  'GET /client/v4/accounts',
  'GET /client/v4/accounts/:account/queues',
  'GET /client/v4/memberships',
  'GET /client/v4/user',
  'GET /client/v4/user/tokens/verify',
  'POST /client/v4/graphql',
]

const answering = new Map(
  app.routes
    .filter(({ path }) => path.startsWith(V4))
    .map(({ method, path, handler }) => [`${method} ${path}`, handler]),
)
const isOfR2 = (handler: object) => operations.some((one) => one === operationOf(handler))
const guarded = [...answering].filter(([, handler]) => isOfR2(handler)).map(([route]) => route)
const callOf = ({ method, path, query, headers, body }: Received) => ({ method, path, query, headers, body })
const routeOf = ({ method, sent }: (typeof examples)[number]) =>
  `${method} ${V4}/accounts/:account${sent.path}`
    .replace(BUCKET, ':bucket')
    .replace(DOMAIN, ':domain')
    .replace(QUEUE, ':queueId')

describe('every mounted route of v4', () => {
  test('is one of the 27 operations behind its guard, and each operation is mounted', () => {
    expect([...guarded].sort()).toEqual(examples.map(routeOf).sort())
  })

  test('of another operation is in the short list of what clients ask around R2', () => {
    expect([...answering.keys()].filter((route) => !guarded.includes(route)).sort()).toEqual(SURROUNDINGS)
  })
})

describe.each(examples)('$name', (example) => {
  test('is denied to a key without grants: 403, 10003, and nothing is sent', async () => {
    const response = await sendV4(example, { key: await keyWithGrants() })
    expect([response.status, response.headers.get('x-should-retry')]).toEqual([403, 'false'])
    expect(await envelopeOf(response)).toMatchObject({
      success: false,
      errors: [{ code: 10003, message: expect.stringContaining(`has no grant of ${example.name} on `) }],
      messages: [expect.stringContaining(response.headers.get('x-request-id') ?? 'no id')],
      result: null,
      message: expect.stringContaining('has no grant of'),
    })
    expect(await emulator.received()).toEqual([])
  })

  test('is refused without a key: 401, 10001, and nothing is sent', async () => {
    const response = await sendV4(example)
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^Bearer/),
    ])
    expect(await envelopeOf(response)).toMatchObject({ success: false, errors: [{ code: 10001 }] })
    expect(await emulator.received()).toEqual([])
  })

  test('is denied to a key whose grants are everything but this', async () => {
    const others = examples.map(({ name }) => name).filter((name) => name !== example.name)
    await applyPolicy({
      roles: { others: { permissions: others } },
      teams: { team: { grants: [{ role: 'others', buckets: ['*'], jurisdictions: ['*'] }] } },
    })
    expect((await sendV4(example, { key: await createKey('team') })).status).toBe(403)
    expect(await emulator.received()).toEqual([])
  })

  test('is refused under the id of another account, and nothing is sent', async () => {
    const key = await keyWithGrants(everything)
    const response = await call(`${V4}/accounts/${'f'.repeat(32)}${example.sent.path}`, {
      key,
      method: example.method,
      body: example.body,
    })
    expect(response.status).toBe(403)
    expect((await envelopeOf(response)).message).toContain('set CLOUDFLARE_ACCOUNT_ID to its own')
    expect(await emulator.received()).toEqual([])
  })

  test('goes up once, to the same path with the same body', async () => {
    const { response, sent } = await performV4(example, { key: await keyWithGrants(everything) })
    expect(response.status).toBe(200)
    const body = example.sent.body === undefined ? example.body : example.sent.body
    expect(sent).toMatchObject([
      {
        method: example.method,
        path: `${V4}/accounts/${ACCOUNT}${example.sent.path}`,
        body: body === undefined || body === null ? '' : JSON.stringify(body),
      },
    ])
  })

  test('goes up with the same reads around it as on v1', async () => {
    const key = await keyWithGrants(everything)
    const { around: plain } = await perform(example, { key })
    await emulator.reset()
    const { around } = await performV4(example, { key })
    expect(around.map(callOf)).toEqual(plain.map(callOf))
  })

  test('answers with the whole envelope', async () => {
    const { response } = await performV4(example, { key: await keyWithGrants(everything) })
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await envelopeOf(response)).toMatchObject({ success: true, errors: [], messages: [] })
  })
})
