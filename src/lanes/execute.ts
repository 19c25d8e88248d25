import type { Values } from '../audit/record.ts'
import { denial, logVerdicts } from '../enforcement/denial.ts'
import { ApiError, unavailable } from '../errors.ts'
import { explainDecision, verdictsOf } from '../policy/explain.ts'
import { isHeldElsewhere } from '../store/audit.ts'
import { isFull, takeSlot } from '../store/bucket-slots.ts'
import { findClaim, isTaken, takeClaim } from '../store/idempotency-keys.ts'
import { askStore } from './ask-store.ts'
import { type BucketLimit, limitReached, limitRefusal } from './bucket-limit.ts'
import { deliver } from './delivery.ts'
import type { Deps } from './deps.ts'
import { outcomeUnknown } from './idempotency-conflict.ts'
import { bodyOf, deniedBodyOf, entryOf, recordable } from './journal-entry.ts'
import { bucketOf, type PreparedChange, prepare, readBefore } from './prepared-change.ts'
import { type ChangeAnswer, type ChangeRequest, failedWith, type LaneAnswer } from './protocol.ts'
import { reconcile } from './reconcile.ts'

/** Makes one change, with the lane to itself. What is refused is an answer too; only what is unforeseen throws. */
export async function makeChange(request: ChangeRequest, deps: Deps): Promise<LaneAnswer> {
  try {
    const first = await firstAnswer(request, deps)
    if (first !== null) return { answer: first, replayed: true }
    if (!request.dryRun) {
      await deps.journal.open(request.lane)
      await reconcile(deps)
    }
    const settled = await firstAnswer(request, deps)
    if (settled !== null) return { answer: settled, replayed: true }
    return { answer: JSON.stringify(await makeAlone(request, deps)), replayed: false }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { answer: JSON.stringify(failedWith(error)), replayed: false }
  }
}

/** The answer that an earlier attempt under the same idempotency key was given. */
async function firstAnswer(
  { claim, principal, dryRun }: ChangeRequest,
  { env, journal }: Deps,
): Promise<string | null> {
  if (claim === null || dryRun) return null
  const known = await askStore(findClaim(env.DB, principal.keyId, claim, Date.now()))
  if (!known) return null
  if (known.fingerprint !== claim.fingerprint) throw mismatch()
  if (known.answer !== null) return known.answer
  if (journal.pending?.record.id === known.auditId) return null // it is settled next, and then there is an answer
  throw outcomeUnknown(known.auditId)
}

const mismatch = () =>
  new ApiError('idempotency_mismatch', 'This Idempotency-Key was used for another request: make a new one.')

async function makeAlone(request: ChangeRequest, deps: Deps): Promise<ChangeAnswer> {
  const change = await prepare(request, deps)
  const { facts, decision } = change
  logVerdicts(request.principal, facts, verdictsOf(decision))
  const full = decision.allowed ? await overLimit(change, deps) : null
  const body = decision.allowed ? recordable(bodyOf(change)) : {}
  if (request.dryRun) {
    if (decision.allowed && (request.preconditions || request.reverts)) await readBefore(change)
    return { kind: 'decision', described: dryRunOf(change, full) }
  }
  if (!decision.allowed) throw await denied(change, denial(request.principal, facts, decision), deps)
  if (full) throw await denied(change, full, deps)
  const before = await readBefore(change)
  const late = await begin(change, { ...body, before }, deps)
  if (late) throw await denied(change, late, deps)
  return deliver(change, deps)
}

/** Records that a change is refused, and why. */
async function denied(change: PreparedChange, refused: ApiError, { journal }: Deps): Promise<ApiError> {
  const entry = entryOf(change, change.request.lane)
  const rule = refused.code === 'quota_exceeded' ? 'limits.buckets' : entry.rule
  await journal.deny({ ...entry, decision: 'denied', rule }, deniedBodyOf(change), refused.code)
  return refused
}

async function overLimit(change: PreparedChange, { env }: Deps): Promise<ApiError | null> {
  const bound = limitOf(change)
  return bound && limitRefusal(env.DB, bound, bucketOf(change), change.upstream)
}

/** What binds a creation of this team's; `null` where nothing does. */
function limitOf({ operation, policy, request }: PreparedChange): BucketLimit | null {
  const limit = policy.limits.buckets
  if (operation.changes?.slot !== 'takes' || limit === null) return null
  return { team: request.principal.team, limit }
}

function dryRunOf({ policy, facts, decision }: PreparedChange, full: ApiError | null) {
  const told = explainDecision(policy, facts, decision)
  if (!full) return told
  const decidedBy = { kind: 'limit', rule: 'limits.buckets', ...full.members }
  return { ...told, allowed: false, code: full.code, detail: full.message, decidedBy }
}

/** Records the intent, and gives `null`; or why not, since other creations took the last slots of the team meanwhile. */
async function begin(change: PreparedChange, values: Values, deps: Deps): Promise<ApiError | null> {
  if (await tryBegin(change, values, deps)) return null
  const full = await overLimit(change, deps)
  if (full || (await tryBegin(change, values, deps))) return full
  const bound = limitOf(change)
  return bound && limitReached(bound, bound.limit)
}

/** Records the intent; `false` when the team has as many buckets as it may have. */
async function tryBegin(change: PreparedChange, values: Values, { journal }: Deps): Promise<boolean> {
  const { request, operation, policy } = change
  const { id, principal, claim } = request
  const bound = { team: principal.team, limit: policy.limits.buckets }
  const others = [
    ...(claim ? takeClaim(principal.keyId, claim, id, Date.now()) : []),
    ...(operation.changes?.slot === 'takes' ? [takeSlot(bound, bucketOf(change), id)] : []),
  ]
  try {
    await journal.begin(entryOf(change, request.lane), values, others)
    return true
  } catch (error) {
    const { cause } = error instanceof ApiError ? error : {}
    if (isFull(cause)) return false
    if (isTaken(cause)) throw mismatch()
    throw isHeldElsewhere(cause) ? heldElsewhere(cause) : error
  }
}

/** Creations once had lanes of their teams, and what is pending in one of those is settled there. */
function heldElsewhere(cause: unknown): ApiError {
  const message = 'How another change of this bucket ended is not known yet. Nothing was changed; try again.'
  return unavailable(message, 5, cause)
}
