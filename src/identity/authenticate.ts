import { ApiError } from '../errors.ts'
import {
  askForKey,
  type Entry,
  entryOf,
  forget,
  isInForce,
  knownEntry,
  remember,
  renew,
  renewSoon,
  unauthenticated,
} from './key-cache.ts'
import type { Principal } from './principal.ts'
import { hashSecret, parseTeamKey } from './team-key.ts'

const RENEW_AFTER_MS = 5_000
const FRESH_FOR_MS = 10_000
const STALE_READS_FOR_MS = 5 * 60_000
const RETRY_STORE_AFTER_MS = 1_000

/** What is known of who sends a request. */
export interface AuthenticationRequest {
  readonly authorization: string | null
  readonly db: D1Database
  /** Unix time, ms. */
  readonly now: number
  /** Changes are never let through on what the store said long ago. */
  readonly changes: boolean
  readonly waitUntil: (work: Promise<unknown>) => void
}

/**
 * Finds out who is calling. A key that this isolate knows answers at once, without a promise, and is
 * renewed in the background; after 10 seconds without the store's word, revocation comes first and the
 * store is asked. While the store is away, what was known serves reads for up to 5 minutes.
 * Throws `unauthenticated`, with one wording for all causes, or `unavailable`.
 */
export function authenticate(request: AuthenticationRequest): Principal | Promise<Principal> {
  const { authorization, now } = request
  if (authorization === null) throw unauthenticated()
  const entry = knownEntry(authorization)
  if (!entry) return lookUp(request, authorization)
  if (entry.principal.expiresAt <= now) throw forget(authorization)
  const age = now - entry.askedAt
  if (age < FRESH_FOR_MS) {
    if (age >= RENEW_AFTER_MS) renewSoon(request, authorization, entry)
    return entry.principal
  }
  return renewOrServeStale(request, authorization, entry)
}

async function lookUp(request: AuthenticationRequest, authorization: string): Promise<Principal> {
  const [, text = ''] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
  const key = parseTeamKey(text)
  if (!key) throw unauthenticated()
  const row = await askForKey(request.db, key.id)
  const presented = await hashSecret(key.secret)
  if (!row || !isSame(presented, row.secretHash) || !isInForce(row, request.now)) throw unauthenticated()
  const entry = entryOf(key.id, row, request.now)
  // One spelling of the header only, or one key could fill the memory with its own.
  if (authorization === `Bearer ${text}`) remember(authorization, entry)
  return entry.principal
}

async function renewOrServeStale(
  request: AuthenticationRequest,
  authorization: string,
  entry: Entry,
): Promise<Principal> {
  const mayServeStale = !request.changes && request.now - entry.askedAt < STALE_READS_FOR_MS
  if (mayServeStale && request.now < entry.awayUntil) return entry.principal
  try {
    return await renew(request, authorization, entry)
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'unavailable' || !mayServeStale) throw error
    entry.awayUntil = Date.now() + RETRY_STORE_AFTER_MS // not `now`: the store may have taken its time
    return entry.principal
  }
}

/** Compares without telling by its time where two texts of one length differ. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [new TextEncoder().encode(one), new TextEncoder().encode(other)]
  return a.length === b.length && crypto.subtle.timingSafeEqual(a, b)
}
