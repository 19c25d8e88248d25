import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { v4 } from '../src/dialects/v4/v4.ts'
import { operationOf } from '../src/gateway/mount.ts'
import { app } from '../src/index.ts'
import { operations } from '../src/routes/index.ts'
import { applyPolicy, call, createKey, emulator, keyWithGrants, problemOf } from './harness.ts'
import { BUCKET, DOMAIN, examples, QUEUE } from './routes/examples.ts'
import { send } from './routes/perform.ts'

/** Walks what is mounted, so that a route which is no operation, or opens more than it should, is found here. */

/** For anybody: they tell nothing secret. */
const PUBLIC = [
  'GET /docs',
  'GET /docs/:file',
  'GET /healthz',
  'GET /readyz',
  'GET /v1/openapi.json',
  'GET /v1/policy.schema.json',
]
/** For whoever holds a valid key: of what isn't theirs, policy is asked. */
const IDENTIFIED = [
  'GET /client/v4/accounts',
  'GET /client/v4/accounts/:account/queues',
  'GET /client/v4/memberships',
  'GET /client/v4/user',
  'GET /client/v4/user/tokens/verify',
  'GET /v1/audit',
  'GET /v1/audit/:id',
  'GET /v1/whoami',
  'POST /client/v4/graphql',
  'POST /v1/audit/:id/revert',
  'POST /v1/explain',
]
/** Documents themselves. */
const UNDOCUMENTED = ['GET /docs', 'GET /docs/:file', 'GET /v1/openapi.json', 'GET /v1/policy.schema.json']
/** Described by Cloudflare's own document: https://developers.cloudflare.com/api. */
const isCloudflares = (route: string) => pathOf(route).startsWith('/client/v4/')
const VERBS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** What answers each method and path in the end: the last handler that is attached. */
const answering = new Map(app.routes.map(({ method, path, handler }) => [`${method} ${path}`, handler]))
const routes = [...answering.keys()]
const routesFor = (access: string) =>
  [...answering]
    .filter(([, handler]) => (operationOf(handler)?.access ?? 'granted') === access)
    .map(([route]) => route)

const pathOf = (route: string) => route.slice(route.indexOf(' ') + 1)
const inUrl = (path: string) =>
  path
    .replace(':account', env.CLOUDFLARE_ACCOUNT_ID)
    .replace(':bucket', BUCKET)
    .replace(':domain', DOMAIN)
    .replace(':queueId', QUEUE)
    .replace(':file', 'index.html')
    .replace(':id', crypto.randomUUID())
const routeOf = ({ method, path }: { method: string; path: string }) =>
  `${method} /v1${path}`.replace(BUCKET, ':bucket').replace(DOMAIN, ':domain').replace(QUEUE, ':queueId')

async function documentedRoutes(): Promise<string[]> {
  const { paths } = await (await call('/v1/openapi.json')).json<{ paths: Record<string, object> }>()
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
  )
}

describe('every mounted route', () => {
  test('performs an operation, and nothing else answers', () => {
    const others = [...answering].filter(([, handler]) => operationOf(handler) === undefined)
    expect(others.map(([route]) => route)).toEqual([])
  })

  test('is for nobody without a key, but for a short list', () => {
    expect(routesFor('public').sort()).toEqual(PUBLIC)
  })

  test('needs a grant, but for the short list of what is one’s own', () => {
    expect([...routesFor('identified'), ...routesFor('own')].sort()).toEqual(IDENTIFIED)
  })

  test('that needs a grant is one of the 27 operations, and each is mounted in both dialects', () => {
    const dropIn = operations.map((one) => `${one.method.toUpperCase()} ${v4.path(one)}`)
    expect(routesFor('granted').sort()).toEqual([...examples.map(routeOf), ...dropIn].sort())
  })

  test('that reads has one handler, and nothing else stands before any', () => {
    const reads = app.routes.filter(({ method }) => method === 'GET').map(({ path }) => path)
    expect(reads.length).toBe(new Set(reads).size)
    expect(app.routes.filter(({ path }) => path.includes('*'))).toEqual([])
  })

  test('stands in the OpenAPI document, and nothing else does', async () => {
    const expected = routes.filter((route) => !UNDOCUMENTED.includes(route) && !isCloudflares(route))
    expect((await documentedRoutes()).sort()).toEqual(expected.sort())
  })
})

describe.each(routesFor('identified').concat(routesFor('own')))('%s', (route) => {
  test('is refused without a key, and nothing is sent', async () => {
    const [method = ''] = route.split(' ')
    const response = await call(inUrl(pathOf(route)), { method, ...(method === 'POST' && { body: {} }) })
    expect(response.status).toBe(401)
    expect(await emulator.received()).toEqual([])
  })
})

describe.each(examples)('$name', (example) => {
  test('is denied to a key without grants, and nothing is sent', async () => {
    const key = await keyWithGrants()
    const problem = await problemOf(send(example, { key }))
    expect(problem).toMatchObject({
      status: 403,
      code: 'forbidden',
      missing: { permission: example.name, jurisdiction: 'default' },
    })
    expect(await emulator.received()).toEqual([])
  })

  test('is refused without a key, and nothing is sent', async () => {
    const response = await send(example)
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/)
    expect(await problemOf(response)).toMatchObject({ status: 401, code: 'unauthenticated' })
    expect(await emulator.received()).toEqual([])
  })

  test('is denied to a key whose grants are everything but this', async () => {
    const others = examples.map(({ name }) => name).filter((name) => name !== example.name)
    await applyPolicy({
      roles: { others: { permissions: others } },
      teams: { team: { grants: [{ role: 'others', buckets: ['*'], jurisdictions: ['*'] }] } },
    })
    const { code } = await problemOf(send(example, { key: await createKey('team') }))
    expect(code).toBe('forbidden')
    expect(await emulator.received()).toEqual([])
  })
})

describe('a verb that a path does not take', () => {
  const paths = [...new Set(routes.map(pathOf))]
  const isV4 = (path: string) => path.startsWith('/client/v4/')

  test.each(paths.filter(isV4))('is refused by its name at %s, for Cloudflare may take it', async (path) => {
    const wrong = [...VERBS, 'OPTIONS'].filter((verb) => !routes.includes(`${verb} ${path}`))
    const answers = await Promise.all(wrong.map((method) => call(inUrl(path), { method })))
    expect(answers.map(({ status }) => status)).toEqual(wrong.map(() => 403))
  })

  test.each(paths.filter((path) => !isV4(path)))('is answered 405 with Allow at %s', async (path) => {
    const taken = VERBS.filter((verb) => routes.includes(`${verb} ${path}`))
    const allow = taken.includes('GET') ? [...taken, 'HEAD'] : taken
    const wrong = [...VERBS, 'OPTIONS'].filter((verb) => !taken.includes(verb))
    const answers = await Promise.all(wrong.map((method) => call(inUrl(path), { method })))
    const told = answers.map(({ status, headers }) => ({ status, allow: headers.get('allow') }))
    expect(told).toEqual(wrong.map(() => ({ status: 405, allow: allow.join(', ') })))
  })
})

describe('a path that is no route', () => {
  test.each([
    '/',
    '/v1',
    '/v1/',
    '/v1/buckets/',
    '/v1/bucket',
    '/v1/Buckets',
    '/v2/buckets',
    `/v1/buckets/${BUCKET}/objects`,
    `/v1/buckets/${BUCKET}/cors/`,
    `/v1/buckets/${BUCKET}/event-notifications/queues`,
    '/__emulator/requests',
    '/docs/no-such-file',
    '/.env',
  ])('%s is answered 404', async (path) => {
    expect((await call(path)).status).toBe(404)
  })
})
