import { ApiError } from '../errors.ts'
import { readStoredPolicy } from '../policy/stored.ts'
import { findKey, findKeyStates, type KeyRow, type KeyState } from '../store/keys.ts'
import { answerInTime } from '../store/timeout.ts'
import type { Principal } from './principal.ts'

/** What a presented key resolved to, and when the store was asked. */
export interface Entry {
  readonly principal: Principal
  readonly secretHash: string
  readonly askedAt: number
  /** A renewal in the background is under way until then, at most. */
  renewingUntil: number
  /** The store was found away: it isn't asked again for this key before then. */
  awayUntil: number
}

/** Where and when a key is asked for. */
export interface Asking {
  readonly db: D1Database
  /** Unix time, ms. */
  readonly now: number
}

/** How long keys that grow old are gathered, to be asked for together. */
const GATHER_MS = 500
const STORE_TIMEOUT_MS = 3_000
const MAX_ENTRIES = 20_000
const MAX_GATHERED = 1_000

/** By the whole `Authorization` header as presented, so that the warm path compares and hashes nothing. */
const entries = new Map<string, Entry>()

export const knownEntry = (authorization: string): Entry | undefined => entries.get(authorization)

/** Entries in use whose word from the store grows old, and until when the request that will ask gathers them. */
const due = new Map<string, Entry>()
let gatheringUntil = 0

/** However many keys are in use, the store gets two small questions a second, not one for each key. */
export function renewSoon(
  { db, now, waitUntil }: Asking & { readonly waitUntil: (work: Promise<unknown>) => void },
  authorization: string,
  entry: Entry,
): void {
  if (now < entry.renewingUntil) return
  entry.renewingUntil = now + GATHER_MS + STORE_TIMEOUT_MS
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

/** Asks the store for one key that is known, and throws where it opens nothing any more. */
export async function renew({ db, now }: Asking, authorization: string, known: Entry): Promise<Principal> {
  const row = await askForKey(db, known.principal.keyId)
  if (!row || row.secretHash !== known.secretHash || !isInForce(row, now)) throw forget(authorization)
  const entry = entryOf(known.principal.keyId, row, now, known)
  remember(authorization, entry)
  return entry.principal
}

/** What the store said, prepared. A policy that hasn't changed is not read again. */
export function entryOf(keyId: string, row: KeyRow, askedAt: number, known?: Entry): Entry {
  const { team, name: keyName, expiresAt, policyVersion, scope, secretHash } = row
  const isSamePolicy =
    known?.principal.policyVersion === policyVersion &&
    known.principal.team === team &&
    known.principal.scope === scope
  const policy = known && isSamePolicy ? known.principal.policy : readStoredPolicy(row)
  const principal = { keyId, keyName, team, scope, expiresAt, policyVersion, policy }
  return { principal, secretHash, askedAt, renewingUntil: 0, awayUntil: 0 }
}

export function remember(authorization: string, entry: Entry): void {
  if (!entries.has(authorization) && entries.size >= MAX_ENTRIES) {
    const [oldest] = entries.keys()
    if (oldest !== undefined) entries.delete(oldest)
  }
  entries.set(authorization, entry)
}

export const askForKey = (db: D1Database, id: string): Promise<KeyRow | null> => inTime(findKey(db, id))

const inTime = <T>(asked: Promise<T>): Promise<T> =>
  answerInTime(asked, STORE_TIMEOUT_MS, 'The store of keys cannot be reached. Try again shortly.')

/** Whether a key opens anything at all. */
export function isInForce({ expiresAt, revokedAt }: KeyState, now: number): boolean {
  return revokedAt === null && expiresAt > now
}

/** As in a new isolate. */
export function forgetKeys(): void {
  entries.clear()
  due.clear()
  gatheringUntil = 0
}

export function forget(authorization: string): ApiError {
  entries.delete(authorization)
  return unauthenticated()
}

/** One wording for every cause: a caller learns nothing of what was wrong with a key. */
export function unauthenticated(): ApiError {
  return new ApiError('unauthenticated', 'Send a valid team key: Authorization: Bearer r2w_…', {
    headers: { 'www-authenticate': 'Bearer realm="r2-warden"' },
  })
}
