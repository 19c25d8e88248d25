import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { formatTeamKey, generateTeamKey, parseTeamKey } from '../../src/identity/team-key.ts'
import { call, createKey, emulator, everything, newKeyWithGrants } from '../harness.ts'
import { revoke, SECOND, Warden } from './warden.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => vi.useRealTimers())

const whoami = (authorization?: string) =>
  call('/v1/whoami', authorization === undefined ? {} : { headers: { authorization } })

/** A key of the same id whose secret is another's. */
function withOtherSecret(key: string): string {
  const { id } = parseTeamKey(key) ?? generateTeamKey()
  return formatTeamKey({ id, secret: generateTeamKey().secret })
}

const mangle = (key: string) => key.slice(0, -1) + (key.endsWith('0') ? '1' : '0')

async function expired(): Promise<string> {
  const key = await createKey('team', null, 60)
  vi.advanceTimersByTime(60 * SECOND)
  return key
}

async function revoked(): Promise<string> {
  const key = await createKey('team')
  await revoke(key)
  return key
}

const strangers: [string, (good: string) => string | undefined | Promise<string>][] = [
  ['no key', () => undefined],
  ['an empty header', () => ''],
  ['a scheme without a key', () => 'Bearer'],
  ['a scheme and spaces', () => 'Bearer   '],
  ['another scheme', (good) => `Basic ${good}`],
  ['a key without its scheme', (good) => good],
  ['a key that is no key', () => 'Bearer let-me-in'],
  ['a key in quotes', (good) => `Bearer "${good}"`],
  ['two keys', (good) => `Bearer ${good} ${good}`],
  ['two keys as two headers are joined', (good) => `Bearer ${good}, Bearer ${good}`],
  ['a key with a wrong checksum', (good) => `Bearer ${mangle(good)}`],
  ['a well-formed key that was never made', () => `Bearer ${generateTeamKey().text}`],
  ['a key with the secret of another', (good) => `Bearer ${withOtherSecret(good)}`],
  ['an expired key', async () => `Bearer ${await expired()}`],
  ['a revoked key', async () => `Bearer ${await revoked()}`],
]

test.each(strangers)(
  '%s is refused as no key is: byte by byte, but for the request id',
  async (_, present) => {
    const authorization = await present(await newKeyWithGrants(everything))
    const [nobody, somebody] = [await whoami(), await whoami(authorization)]
    const bodyOf = async (response: Response) =>
      (await response.text()).replaceAll(response.headers.get('x-request-id') ?? 'none', '<request id>')
    expect(somebody.status).toBe(401)
    expect(await bodyOf(somebody)).toBe(await bodyOf(nobody))
    const headersOf = ({ headers }: Response) => [...headers].filter(([name]) => name !== 'x-request-id')
    expect(headersOf(somebody)).toEqual(headersOf(nobody))
  },
)

test('a refusal says how to come back: with a bearer key', async () => {
  const response = await whoami()
  expect(response.headers.get('www-authenticate')).toMatch(/^Bearer\b/)
  expect(await response.json()).toMatchObject({ status: 401, code: 'unauthenticated' })
})

test.each(strangers)('with %s nothing is sent upstream', async (_, present) => {
  const authorization = await present(await newKeyWithGrants(everything))
  const headers = authorization === undefined ? {} : { authorization }
  const response = await call('/v1/buckets/media-assets', { method: 'DELETE', headers })
  expect(response.status).toBe(401)
  expect(await emulator.received()).toEqual([])
})

test.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('the scheme may be written %s', async (scheme) => {
  const key = await newKeyWithGrants(everything)
  expect((await whoami(`${scheme} ${key}`)).status).toBe(200)
})

test('a mangled key is refused without asking the store', async () => {
  const warden = new Warden()
  expect(await warden.statusOf(mangle(await newKeyWithGrants(everything)))).toBe(401)
  expect(warden.store.asked).toEqual([])
})

test('a key that was refused is not remembered: once it is made it works', async () => {
  await newKeyWithGrants(everything)
  const key = await createKey('team')
  const { secret } = parseTeamKey(key) ?? generateTeamKey()
  const wrong = withOtherSecret(key)
  expect(secret).not.toBe(parseTeamKey(wrong)?.secret)
  const warden = new Warden()
  expect([await warden.statusOf(wrong), await warden.statusOf(key), await warden.statusOf(wrong)]).toEqual([
    401, 200, 401,
  ])
})
