import { env, exports } from 'cloudflare:workers'
import { vi } from 'vitest'
import { makeKey } from '../src/identity/make-key.ts'
import { type KeyScope, policyDocument } from '../src/policy/document.ts'
import { permissionNames } from '../src/routes/index.ts'
import { batch } from '../src/store/d1.ts'
import { policyStatements } from '../src/store/policies.ts'
import { type Statement, statement } from '../src/store/statement.ts'
import { keepSecret, watch } from './leak-watch.ts'

/** The tools of the tests: a policy, keys, calls through the public door, and the emulator's record of them. */

const DAY_SECONDS = 86_400

type Teams = Record<string, unknown>

/** Puts a policy in force, checked as the command line would. */
export async function applyPolicy(document: {
  teams: Teams
  roles?: unknown
  organization?: unknown
}): Promise<void> {
  const checked = policyDocument(permissionNames).parse({ version: 1, ...document })
  await run(await policyStatements(checked))
}

/** Makes a key of a team and gives its text. */
export async function createKey(
  team: string,
  scope: KeyScope | null = null,
  expires = 30 * DAY_SECONDS,
): Promise<string> {
  const { text, statement } = await makeKey({ team, name: 'test', scope, expires })
  await run([statement])
  keepSecret(text.slice(text.lastIndexOf('_') + 1))
  return text
}

/** A new key of a team with these grants, under a policy of nothing else. */
export async function newKeyWithGrants(...grants: unknown[]): Promise<string> {
  await applyPolicy({ teams: { team: { grants } } })
  return createKey('team')
}

/** What `keyWithGrants` gave last, until another policy, another key or a statement by hand. */
let given: { readonly grants: string; readonly key: string } | null = null

export function forgetGivenKey(): void {
  given = null
}

/** The same, but for one test after the other that asks for the same grants it is the same key. */
export async function keyWithGrants(...grants: unknown[]): Promise<string> {
  const asked = JSON.stringify(grants)
  if (given?.grants === asked) return given.key
  const key = await newKeyWithGrants(...grants)
  given = { grants: asked, key }
  return key
}

export const everything = { role: 'owner', buckets: ['*'], jurisdictions: ['*'] }

/** Runs statements, in one transaction. */
export function run(statements: readonly (string | Statement)[]): Promise<unknown> {
  forgetGivenKey()
  return batch(
    env.DB,
    statements.map((one) => (typeof one === 'string' ? statement(one) : one)),
  )
}

export interface Call {
  readonly key?: string
  readonly method?: string
  /** Sent as JSON, unless it is a string or a stream: then as it is. */
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

const underWay = new Set<Promise<unknown>>()

/** Waits for the calls that no test has waited for. */
export async function noMoreCalls(): Promise<void> {
  await emulator.noMoreFaults()
  await Promise.allSettled(underWay)
}

/** Calls the warden through its public door. */
export async function call(path: string, asked: Call = {}): Promise<Response> {
  const answered = send(path, asked)
  underWay.add(answered)
  try {
    return watch(await answered, path)
  } finally {
    underWay.delete(answered)
  }
}

function send(path: string, { key, method, body, headers }: Call): Promise<Response> {
  return exports.default.fetch(`https://warden.test${path}`, {
    method: method ?? 'GET',
    headers: {
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: isReady(body) ? body : JSON.stringify(body) }),
    redirect: 'manual',
  })
}

const isReady = (body: unknown): body is string | ReadableStream =>
  typeof body === 'string' || body instanceof ReadableStream

export interface Problem {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly requestId: string
  readonly errors?: readonly { in: string; pointer: string; message: string }[]
  readonly missing?: { permission: string; bucket: string | null; jurisdiction: string }
  readonly rule?: { name: string; from: string }
  readonly upstream?: { status: number; errors: { code: number; message: string }[] }
}

/** The problem document of a refusal. */
export async function problemOf(response: Response | Promise<Response>): Promise<Problem> {
  return (await response).json()
}

export interface Received {
  readonly id: number
  readonly operation: string | null
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Record<string, string>
  readonly body: string
  readonly ray: string
  /** Null while it is held. */
  readonly status: number | null
}

/** Longer than any test. */
const FOREVER_MS = 600_000

/** What stands behind the warden. Everything that leaves this runtime goes to it. */
export const emulator = {
  reset: () => emulatorPost('reset'),
  seed: (seed: unknown) => emulatorPost('seed', seed),
  faults: (fault: unknown) => emulatorPost('faults', fault),
  /** Calls that meet this stay at the emulator until they are let go. */
  hold: (fault: Record<string, unknown>) => emulatorPost('faults', { ...fault, delayMs: FOREVER_MS }),
  /** Ends all faults, and lets go what is held. */
  async noMoreFaults(): Promise<void> {
    await fetch('https://emulator.test/__emulator/faults', { method: 'DELETE' })
  },
  /** All that reached it since the last reset. */
  async received(): Promise<Received[]> {
    const response = await fetch('https://emulator.test/__emulator/requests')
    const { requests } = await response.json<{ requests: Received[] }>()
    return requests
  },
  /** All changes that reached it since the last reset: around each of them the warden reads, too. */
  async changes(): Promise<Received[]> {
    return (await emulator.received()).filter(({ method }) => method !== 'GET')
  },
}

async function emulatorPost(path: string, body: unknown = {}): Promise<void> {
  const response = await fetch(`https://emulator.test/__emulator/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`the emulator refused ${path}: ${await response.text()}`)
}

/** Waits for something that another request brings about. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await scheduler.wait(5)
}

const HOURS_MS = 3 * 3_600_000

/**
 * Closes what is pending, as hours later: what one test leaves uncertain would keep the changes of the next waiting.
 */
export async function settleLanes(): Promise<void> {
  const { results } = await env.DB.prepare("SELECT lane FROM audit WHERE outcome = 'pending'").all<{
    lane: string
  }>()
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + HOURS_MS })
  try {
    for (const { lane } of results) await env.LANES.getByName(lane).reconcile(lane)
  } finally {
    vi.useRealTimers()
  }
}
