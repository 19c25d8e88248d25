import { inject } from 'vitest'
import type { Received } from '../node/stack.ts'

/** The running stack, from inside a test: where clients are pointed, and what the emulator has and saw. */

export const ACCOUNT = '0123456789abcdef0123456789abcdef'
/** The only token that the emulator takes; the warden has it, and no client. */
export const ACCOUNT_TOKEN = 'emulator-api-token-not-a-secret-0123456789'
export const QUEUE = 'd41d8cd98f00b204e9800998ecf8427e'
export const QUEUE_NAME = 'data-events'
export const ZONE = '023e105f4ecef8ad9ca31a8372d0c353'

/** Where a client is pointed, and what it shows there. */
export interface Target {
  readonly url: string
  readonly token: string
}

export function key(name: string): string {
  const found = inject('running').keys[name]
  if (found === undefined) throw new Error(`no demo key is called ${name}`)
  return found
}

export const throughWarden = (token: string): Target => ({
  url: `${inject('running').warden}/client/v4`,
  token,
})
export const asAdmin = () => throughWarden(key('media-admin'))
export const asViewer = () => throughWarden(key('media-viewer'))
export const asData = () => throughWarden(key('data-editor'))
export const asOwner = () => throughWarden(key('platform-owner'))
/** Past the warden, as before there was one. */
export const straight = (): Target => ({
  url: `${inject('running').emulator}/client/v4`,
  token: ACCOUNT_TOKEN,
})

/** Everything that is in a jurisdiction unless it is said where. */
export type Place = 'default' | 'eu' | 'us' | 'fedramp'

/** What the emulator has at a path below the account: its `result`, or the code of its refusal. */
export async function stateOf(path: string, place: Place = 'default'): Promise<unknown> {
  const headers = { ...asAccount, 'cf-r2-jurisdiction': place }
  const answer = await fetch(`${straight().url}/accounts/${ACCOUNT}${path}`, { headers })
  const envelope: { success: boolean; result: unknown; errors: { code: number }[] } = await answer.json()
  return envelope.success ? envelope.result : envelope.errors[0]?.code
}

const USER_AGENT = 'test of r2-warden'
const asAccount = { authorization: `Bearer ${ACCOUNT_TOKEN}`, 'user-agent': USER_AGENT }

/** Puts something in place before a test, straight at the emulator. */
export async function arrange(method: string, path: string, body?: unknown, place: Place = 'default') {
  const answer = await fetch(`${straight().url}/accounts/${ACCOUNT}${path}`, {
    method,
    headers: { ...asAccount, 'cf-r2-jurisdiction': place, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`the emulator refused ${method} ${path}: ${await answer.text()}`)
}

export async function seed(what: unknown): Promise<void> {
  await tell('seed', what)
}

export async function fault(what: unknown): Promise<void> {
  await tell('faults', what)
}

async function tell(what: string, body: unknown): Promise<void> {
  const answer = await fetch(`${inject('running').emulator}/__emulator/${what}`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`the emulator refused ${what}: ${await answer.text()}`)
}

export interface Sent extends Received {
  /** What the emulator answered. */
  readonly status: number
}

/** What clients, or the warden for them, sent to the emulator that speaks of a name. */
export async function receivedAbout(name: string): Promise<Sent[]> {
  const answer = await fetch(`${inject('running').emulator}/__emulator/requests`)
  const { requests }: { requests: Sent[] } = await answer.json()
  return requests.filter(
    (request) =>
      request.headers['user-agent'] !== USER_AGENT &&
      [request.path, request.query, request.body].some((text) => text.includes(name)),
  )
}

export const changesAmong = (requests: readonly Sent[]) =>
  requests.filter(({ method, path }) => method !== 'GET' && !path.endsWith('/graphql'))
