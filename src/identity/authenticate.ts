import { ApiError } from '../errors.ts'
import type { Policy } from '../policy/compile.ts'
import { readStoredPolicy } from '../policy/stored.ts'
import { findKey, findKeyStates, type KeyRow, type KeyState } from '../store/keys.ts'
import { answerInTime } from '../store/timeout.ts'
import { hashSecret, parseTeamKey } from './team-key.ts'

/** Who is calling, and what binds them. */
export interface Principal {
  readonly keyId: string
  readonly keyName: string
  readonly team: string
  /** JSON of what narrows the key, as it was given when the key was made. */
  readonly scope: string | null
  /** Unix time, ms. */
  readonly expiresAt: number
  readonly policyVersion: number | null
  readonly policy: Policy
}

/** What a presented key resolved to, and when the store was asked. */
interface Entry {
  readonly principal: Principal
  readonly secretHash: string
  readonly askedAt: number
  /** A renewal in the background is under way until then, at most. */
  renewingUntil: number
  /** The store was found away: it isn't asked again for this key before then. */
  awayUntil: number
}

const RENEW_AFTER_MS = 5_000
/** How long keys that grow old are gathered, to be asked for together. */
const GATHER_MS = 500
const FRESH_FOR_MS = 10_000
const STALE_READS_FOR_MS = 5 * 60_000
const RETRY_STORE_AFTER_MS = 1_000
const STORE_TIMEOUT_MS = 3_000
const MAX_ENTRIES = 20_000
const MAX_GATHERED = 1_000

/** By the whole `Authorization` header as presented, so that the warm path compares and hashes nothing. */
const entries = new Map<string, Entry>()

interface Caller {
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
export function identify(caller: Caller): Principal | Promise<Principal> {
  const { authorization, now } = caller
  if (authorization === null) throw unauthenticated()
  const entry = entries.get(authorization)
  if (!entry) return lookUp(caller, authorization)
  if (entry.principal.expiresAt <= now) throw forget(authorization)
  const age = now - entry.askedAt
  if (age < FRESH_FOR_MS) {
    if (age >= RENEW_AFTER_MS && now >= entry.renewingUntil) {
      entry.renewingUntil = now + GATHER_MS + STORE_TIMEOUT_MS
      renewSoon(caller, authorization, entry)
    }
    return entry.principal
  }
  return renewOrServeStale(caller, authorization, entry)
}

async function lookUp(caller: Caller, authorization: string): Promise<Principal> {
  const [, text = ''] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
  const key = parseTeamKey(text)
  if (!key) throw unauthenticated()
  const row = await ask(caller.db, key.id)
  const presented = await hashSecret(key.secret)
  if (!row || !isSame(presented, row.secretHash) || !isInForce(row, caller.now)) throw unauthenticated()
  const entry = entryOf(key.id, row, caller.now)
  // One spelling of the header only, or one key could fill the memory with its own.
  if (authorization === `Bearer ${text}`) remember(authorization, entry)
  return entry.principal
}

async function renewOrServeStale(caller: Caller, authorization: string, entry: Entry): Promise<Principal> {
  const mayServeStale = !caller.changes && caller.now - entry.askedAt < STALE_READS_FOR_MS
  if (mayServeStale && caller.now < entry.awayUntil) return entry.principal
  try {
    return await renew(caller, authorization, entry)
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'unavailable' || !mayServeStale) throw error
    entry.awayUntil = Date.now() + RETRY_STORE_AFTER_MS // not `now`: the store may have taken its time
    return entry.principal
  }
}

/** Entries in use whose word from the store grows old, and until when the request that will ask gathers them. */
const due = new Map<string, Entry>()
let gatheringUntil = 0

/** However many keys are in use, the store gets two small questions a second, not one for each key. */
function renewSoon({ db, now, waitUntil }: Caller, authorization: string, entry: Entry): void {
  due.set(authorization, entry)
  if (now < gatheringUntil) return
  gatheringUntil = now + GATHER_MS
  waitUntil(renewTogether(db).catch(() => undefined)) // whoever isn't renewed asks for itself, in time
}

async function renewTogether(db: D1Database): Promise<void> {
  await new Promise((done) => setTimeout(done, GATHER_MS))
  const gathered = [...due].slice(0, MAX_GATHERED)
  for (const [authorization] of gathered) due.delete(authorization)
  const now = Date.now()
  const ids = gathered.map(([, { principal }]) => principal.keyId)
  const states = await inTime(findKeyStates(db, ids))
  for (const [authorization, known] of gathered) {
    if (entries.get(authorization) !== known) continue // forgotten, or renewed by another request meanwhile
    const state = states.get(known.principal.keyId)
    if (!state || state.secretHash !== known.secretHash || !isInForce(state, now))
      entries.delete(authorization)
    else if (isUnchanged(state, known.principal))
      entries.set(authorization, { ...known, askedAt: now, renewingUntil: 0, awayUntil: 0 })
    else await renew({ db, now }, authorization, known).catch(() => undefined)
  }
}

function isUnchanged(
  state: KeyState,
  { team, keyName, scope, expiresAt, policyVersion }: Principal,
): boolean {
  return (
    state.team === team &&
    state.name === keyName &&
    state.scope === scope &&
    state.expiresAt === expiresAt &&
    state.policyVersion === policyVersion
  )
}

async function renew(
  { db, now }: Pick<Caller, 'db' | 'now'>,
  authorization: string,
  known: Entry,
): Promise<Principal> {
  const row = await ask(db, known.principal.keyId)
  if (!row || row.secretHash !== known.secretHash || !isInForce(row, now)) throw forget(authorization)
  const entry = entryOf(known.principal.keyId, row, now, known)
  remember(authorization, entry)
  return entry.principal
}

/** What the store said, prepared. A policy that hasn't changed is not read again. */
function entryOf(keyId: string, row: KeyRow, askedAt: number, known?: Entry): Entry {
  const { team, name: keyName, expiresAt, policyVersion, scope, secretHash } = row
  const isSamePolicy =
    known?.principal.policyVersion === policyVersion &&
    known.principal.team === team &&
    known.principal.scope === scope
  const policy = known && isSamePolicy ? known.principal.policy : readStoredPolicy(row)
  const principal = { keyId, keyName, team, scope, expiresAt, policyVersion, policy }
  return { principal, secretHash, askedAt, renewingUntil: 0, awayUntil: 0 }
}

function remember(authorization: string, entry: Entry): void {
  if (!entries.has(authorization) && entries.size >= MAX_ENTRIES) {
    const [oldest] = entries.keys()
    if (oldest !== undefined) entries.delete(oldest)
  }
  entries.set(authorization, entry)
}

const ask = (db: D1Database, id: string): Promise<KeyRow | null> => inTime(findKey(db, id))

const inTime = <T>(asked: Promise<T>): Promise<T> =>
  answerInTime(asked, STORE_TIMEOUT_MS, 'The store of keys cannot be reached. Try again shortly.')

/** Whether a key opens anything at all. */
export function isInForce({ expiresAt, revokedAt }: KeyState, now: number): boolean {
  return revokedAt === null && expiresAt > now
}

/** Compares without telling by its time where two texts of one length differ. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [new TextEncoder().encode(one), new TextEncoder().encode(other)]
  return a.length === b.length && crypto.subtle.timingSafeEqual(a, b)
}

function forget(authorization: string): ApiError {
  entries.delete(authorization)
  return unauthenticated()
}

/** One wording for every cause: a caller learns nothing of what was wrong with a key. */
export function unauthenticated(): ApiError {
  return new ApiError('unauthenticated', 'Send a valid team key: Authorization: Bearer r2w_…', {
    headers: { 'www-authenticate': 'Bearer realm="r2-warden"' },
  })
}
