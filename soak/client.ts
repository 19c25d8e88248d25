import { setTimeout as sleep } from 'node:timers/promises'
import { type Change, changesOf, identityOfChange } from './changes.ts'
import type { AnswerSeen } from './compare.ts'
import type { Entrance } from './entrance.ts'
import type { Random } from './random.ts'
import { requestOf } from './request.ts'

/** Some retry, all with the same idempotency key; the others give up at once and go on to the next change. */
const RETRYING_SHARE = 0.35
const MOST_ATTEMPTS = 5
/** Some hang up while their change is under way. */
const IMPATIENT_SHARE = 0.1
const PATIENCE_MS = 15_000

interface ClientDeps {
  readonly number: number
  readonly key: string
  readonly random: Random
  readonly entrance: Entrance
  readonly told: AnswerSeen[]
}

/** Asks for one change after the other until it is over, whatever is answered. */
export async function runClient(means: ClientDeps): Promise<void> {
  const { number, random, entrance } = means
  for (const change of changesOf(random.fork(), number)) {
    await attempt(change, means)
    if (entrance.isOver) return
    await sleep(random.between(0, 10))
  }
}

async function attempt(change: Change, { key, random, entrance, told }: ClientDeps): Promise<void> {
  const identity = identityOfChange(change)
  const dialect = random.chance(0.7) ? 'v1' : 'v4'
  const { path, init } = requestOf(change, dialect)
  const headers = new Headers(init.headers)
  headers.set('authorization', `Bearer ${key}`)
  const retries = random.chance(RETRYING_SHARE)
  if (retries) headers.set('idempotency-key', `"${identity}"`)
  for (let attempts = 0; attempts < (retries ? MOST_ATTEMPTS : 1); attempts++) {
    const patience = random.chance(IMPATIENT_SHARE) ? random.between(5, 200) : PATIENCE_MS
    const url = await entrance.url
    if (url === null) return
    const signal = AbortSignal.timeout(patience)
    const answered = await send(`${url}${path}`, { ...init, headers, signal })
    told.push({ identity, retries, ...answered })
    if (answered.status !== null && !isWorthRetrying(answered.status)) return
    await sleep(random.between(0, 100))
  }
}

const isWorthRetrying = (status: number) => status === 409 || status >= 500

async function send(url: string, init: RequestInit): Promise<Pick<AnswerSeen, 'status' | 'requestId'>> {
  try {
    const response = await fetch(url, init)
    await response.arrayBuffer()
    return { status: response.status, requestId: response.headers.get('x-request-id') }
  } catch {
    return { status: null, requestId: null } // killed, or hung up
  }
}
