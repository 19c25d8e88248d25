import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import type { Env } from '../../src/env.ts'
import { app } from '../../src/index.ts'
import { brokenPolicyStatements } from '../../src/store/policies.ts'
import {
  applyPolicy,
  call,
  createKey,
  emulator,
  everything,
  keyWithGrants,
  problemOf,
  run,
} from '../harness.ts'
import { examples } from './examples.ts'
import { send } from './perform.ts'

/** The routes of the warden's own, and what it does when it isn't set up. */

/** Calls a warden that has other settings. */
async function callWith(settings: Env, path: string, key?: string): Promise<Response> {
  const headers = { ...(key !== undefined && { authorization: `Bearer ${key}` }) }
  return app.fetch(new Request(`https://warden.test${path}`, { headers }), settings, createExecutionContext())
}

const { CLOUDFLARE_API_TOKEN: _token, ...withoutToken } = env
const { CLOUDFLARE_ACCOUNT_ID: _account, ...withoutAccount } = env
const SETTINGS: [string, Env, string[]][] = [
  ['no token', withoutToken, ['CLOUDFLARE_API_TOKEN is missing']],
  ['an empty token', { ...env, CLOUDFLARE_API_TOKEN: '' }, ['CLOUDFLARE_API_TOKEN is missing']],
  [
    'a token with a line break',
    { ...env, CLOUDFLARE_API_TOKEN: 'a\nb' },
    ['CLOUDFLARE_API_TOKEN is not valid'],
  ],
  ['no account', withoutAccount, ['CLOUDFLARE_ACCOUNT_ID is missing']],
  [
    'an account with a slash',
    { ...env, CLOUDFLARE_ACCOUNT_ID: '../x' },
    ['CLOUDFLARE_ACCOUNT_ID is not valid'],
  ],
  [
    'plain HTTP to another machine',
    { ...env, CLOUDFLARE_API_BASE_URL: 'http://api.example.com' },
    ['CLOUDFLARE_API_BASE_URL is not valid'],
  ],
  [
    'an address with a password in it',
    { ...env, CLOUDFLARE_API_BASE_URL: 'https://a:s3cret@example.com' },
    ['CLOUDFLARE_API_BASE_URL is not valid'],
  ],
  [
    'a deadline that is no number',
    { ...env, UPSTREAM_DEADLINE_MS: 'soon' },
    ['UPSTREAM_DEADLINE_MS is not valid'],
  ],
  [
    'neither token nor account',
    { ...withoutToken, CLOUDFLARE_ACCOUNT_ID: '' },
    ['CLOUDFLARE_ACCOUNT_ID is missing', 'CLOUDFLARE_API_TOKEN is missing'],
  ],
]

describe.each(SETTINGS)('with %s', (_, settings, problems) => {
  test('readyz names the setting, and no value', async () => {
    await keyWithGrants(everything)
    const response = await callWith(settings, '/readyz')
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ status: 'not-ready', problems })
  })

  test('requests are answered 503, and nothing is sent', async () => {
    const key = await keyWithGrants(everything)
    const problem = await problemOf(callWith(settings, '/v1/buckets', key))
    expect(problem).toMatchObject({ status: 503, code: 'unavailable' })
    expect(await emulator.received()).toEqual([])
  })

  test('healthz still says that the warden is alive', async () => {
    expect((await callWith(settings, '/healthz')).status).toBe(200)
  })
})

describe('with a token of the Secrets Store', () => {
  const stored = { ...env, CLOUDFLARE_API_TOKEN: { get: () => Promise.resolve(env.CLOUDFLARE_API_TOKEN) } }

  test('requests are sent with it', async () => {
    const key = await keyWithGrants(everything)
    expect((await callWith(stored, '/v1/buckets', key)).status).toBe(200)
  })

  test('a store that cannot be read is no fault of the caller, and shows nothing of itself', async () => {
    const key = await keyWithGrants(everything)
    const broken = { ...env, CLOUDFLARE_API_TOKEN: { get: () => Promise.reject(new Error('the-inside')) } }
    const response = await callWith(broken, '/v1/buckets', key)
    expect(response.status).toBeGreaterThanOrEqual(500)
    expect(await response.text()).not.toContain('the-inside')
  })
})

describe('with a policy that could not be read', () => {
  const breakPolicy = async () => {
    await applyPolicy({ teams: { team: { grants: [everything] } } })
    await run(brokenPolicyStatements('teams.media.grants[0].role: no role is called "admni"'))
    return createKey('team')
  }

  test('readyz says why', async () => {
    await breakPolicy()
    const response = await call('/readyz')
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ problems: [expect.stringContaining('admni')] })
  })

  test.each(examples)('$name is denied, and nothing is sent', async (example) => {
    const problem = await problemOf(send(example, { key: await breakPolicy() }))
    expect(problem).toMatchObject({ status: 403, code: 'forbidden' })
    expect(await emulator.received()).toEqual([])
  })
})

describe('with a policy whose stored text was damaged', () => {
  test.each(['{', 'null', '{"version":2}', '{"version":1,"roles":{},"organization":{},"x":1}'])(
    '%s denies everything, and readyz says so',
    async (shared) => {
      await applyPolicy({ teams: { team: { grants: [everything] } } })
      await run([
        `UPDATE policies SET shared = '${shared}' WHERE version = (SELECT max(version) FROM policies)`,
      ])
      const key = await createKey('team')
      expect((await call('/v1/buckets', { key })).status).toBe(403)
      expect((await call('/readyz')).status).toBe(503)
      expect(await emulator.received()).toEqual([])
    },
  )
})

describe('with no policy', () => {
  const noPolicy = async () => {
    await run(['DELETE FROM active_policy'])
    return createKey('team')
  }

  test('readyz says so', async () => {
    await noPolicy()
    expect(await (await call('/readyz')).json()).toMatchObject({ problems: ['no policy has been applied'] })
  })

  test('everything is denied, and nothing is sent', async () => {
    expect((await call('/v1/buckets', { key: await noPolicy() })).status).toBe(403)
    expect(await emulator.received()).toEqual([])
  })
})

describe('with a store that is away', () => {
  const inFault = {
    prepare: () => {
      throw new Error('D1_ERROR: the-inside')
    },
  }
  const away: Env = { ...env, DB: new Proxy(env.DB, { get: (_, name) => Reflect.get(inFault, name) }) }

  test('readyz says so, and not how', async () => {
    const text = await (await callWith(away, '/readyz')).text()
    expect(JSON.parse(text)).toMatchObject({ status: 'not-ready', problems: [expect.stringContaining('D1')] })
    expect(text).not.toContain('the-inside')
  })

  test('a key that is not known yet is answered 503, and nothing is sent', async () => {
    const key = await keyWithGrants(everything)
    const response = await callWith(away, '/v1/buckets', key)
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(await problemOf(response)).toMatchObject({ status: 503, code: 'unavailable' })
    expect(await emulator.received()).toEqual([])
  })
})

test('with everything in place readyz says so', async () => {
  await keyWithGrants(everything)
  const response = await call('/readyz')
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ status: 'ready', problems: [] })
})

test('healthz asks for no key', async () => {
  expect(await (await call('/healthz')).json()).toEqual({ status: 'ok' })
})
