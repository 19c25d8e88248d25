import type { Values } from '../audit/record.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { authorize } from '../enforcement/authorize.ts'
import { denial, logVerdicts } from '../enforcement/denial.ts'
import type { Env } from '../env.ts'
import { ApiError, unavailable } from '../errors.ts'
import { isInForce, unauthenticated } from '../identity/key-cache.ts'
import type { Policy } from '../policy/compile.ts'
import { explainDecision, verdictsOf, violationsOf } from '../policy/explain.ts'
import type { BucketRef } from '../policy/names.ts'
import { readStoredPolicy } from '../policy/stored.ts'
import { operationNamed } from '../routes/index.ts'
import { factsOf } from '../routes/operation.ts'
import { type Settings, settingsOf } from '../settings.ts'
import { isHeldElsewhere } from '../store/audit.ts'
import { isFull, takeSlot } from '../store/bucket-slots.ts'
import { findClaim, isTaken, takeClaim } from '../store/idempotency-keys.ts'
import { findKey } from '../store/keys.ts'
import { upstreamCall } from '../upstream/call.ts'
import { createUpstream, type Upstream, type UpstreamResponse } from '../upstream/client.ts'
import { askStore } from './ask-store.ts'
import { type BucketLimit, limitReached, limitRefusal } from './bucket-limit.ts'
import { readAfterwards, readConfiguration } from './configuration.ts'
import { outcomeUnknown } from './idempotency-conflict.ts'
import type { Book } from './journal.ts'
import { bodyOf, deniedBodyOf, entryOf, type Recorded, recordable } from './journal-entry.ts'
import { holds } from './preconditions.ts'
import { type ChangeAnswer, type ChangeOrder, type Done, failedWith, type LaneAnswer } from './protocol.ts'
import { settle } from './reconcile.ts'

/** How long a change that has happened keeps its caller waiting for what came of it. */
const LOOK_MS = 5_000
/** More would tell nobody more, and an answer has to fit where it is kept. */
const MAX_WARNINGS = 100

/** What a change needs beside what it is told. */
export interface Means {
  readonly env: Env
  readonly book: Book
}

/** Makes one change, with the lane to itself. What is refused is an answer too; only what is unforeseen throws. */
export async function makeChange(order: ChangeOrder, means: Means): Promise<LaneAnswer> {
  try {
    const first = await firstAnswer(order, means)
    if (first !== null) return { answer: first, replayed: true }
    if (!order.dryRun) await settle(means)
    const settled = await firstAnswer(order, means)
    if (settled !== null) return { answer: settled, replayed: true }
    return { answer: JSON.stringify(await change(order, means)), replayed: false }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { answer: JSON.stringify(failedWith(error)), replayed: false }
  }
}

/** The answer that an earlier attempt under the same idempotency key was given. */
async function firstAnswer(
  { claim, caller, dryRun }: ChangeOrder,
  { env, book }: Means,
): Promise<string | null> {
  if (claim === null || dryRun) return null
  const known = await askStore(findClaim(env.DB, caller.keyId, claim, Date.now()))
  if (!known) return null
  if (known.fingerprint !== claim.fingerprint) throw mismatch()
  if (known.answer !== null) return known.answer
  if (book.pending?.record.id === known.auditId) return null // it is settled next, and then there is an answer
  throw outcomeUnknown(known.auditId)
}

const mismatch = () =>
  new ApiError('idempotency_mismatch', 'This Idempotency-Key was used for another request: make a new one.')

async function change(order: ChangeOrder, means: Means): Promise<ChangeAnswer> {
  const described = await describe(order, means)
  const { facts, decision } = described
  logVerdicts(order.caller, facts, verdictsOf(decision))
  const full = decision.allowed ? await overLimit(described, means) : null
  const body = decision.allowed ? recordable(bodyOf(described)) : {}
  if (order.dryRun) {
    if (decision.allowed && (order.preconditions || order.reverts)) await readBefore(described)
    return { kind: 'decision', described: dryRunOf(described, full) }
  }
  if (!decision.allowed) throw await denied(described, denial(order.caller, facts, decision), means)
  if (full) throw await denied(described, full, means)
  const before = await readBefore(described)
  const late = await begin(described, { ...body, before }, means)
  if (late) throw await denied(described, late, means)
  return send(described, means)
}

/** Records that a change is refused, and why. */
async function denied(described: Described, refused: ApiError, { book }: Means): Promise<ApiError> {
  const entry = entryOf(described, described.order.lane)
  const rule = refused.code === 'quota_exceeded' ? 'limits.buckets' : entry.rule
  await book.deny({ ...entry, decision: 'denied', rule }, deniedBodyOf(described), refused.code)
  return refused
}

/** What the change is, and what policy says of it now that it is its turn. */
async function describe(order: ChangeOrder, { env }: Means): Promise<Described> {
  const settings = settingsOf(env)
  const operation = operationNamed(order.operation)
  if (!operation?.changes) throw new TypeError(`${order.operation} changes nothing`)
  const { policy, policyVersion } = await policyOf(env, order)
  const facts = factsOf(operation, { ...order, query: {}, body: order.body })
  const upstream = remembering(createUpstream(settings))
  const decision = await authorize(policy, facts, upstream)
  return { order, operation, settings, facts, policy, policyVersion, decision, upstream }
}

/** Reads what is there, as canonical JSON, and holds it to what the request demands of it. */
async function readBefore(described: Described): Promise<string> {
  const { order, operation, upstream } = described
  const { preconditions, reverts } = order
  const { text, entityTag } = await readConfiguration(operation, order, bucketOf(described).name, upstream)
  const isExpected = (reverts?.expected ?? text) === text
  if (!isExpected || (preconditions !== null && !holds(preconditions, entityTag)))
    throw new ApiError(
      'precondition_failed',
      'The configuration has been changed since. Read it again, then decide.',
    )
  recordable({ before: text })
  return text
}

/** What is the same for every step of one change. */
interface Described extends Recorded {
  readonly order: ChangeOrder
  readonly settings: Settings
  readonly policy: Policy
  readonly upstream: Upstream
}

/** The policy in force now that it is this change's turn, and only for a key that still is. */
async function policyOf(env: Env, { caller }: ChangeOrder) {
  const row = await askStore(findKey(env.DB, caller.keyId))
  if (row && isInForce(row, Date.now()))
    return { policy: readStoredPolicy(row), policyVersion: row.policyVersion }
  throw unauthenticated()
}

/** What guardrails compare with and what is recorded are often one and the same: it is read once. */
function remembering(upstream: Upstream): Upstream {
  const known = new Map<string, Promise<UpstreamResponse>>()
  return {
    ...upstream,
    call(call) {
      if (call.method !== 'GET') {
        known.clear()
        return upstream.call(call)
      }
      const key = canonicalJson([call.path, call.headers])
      const found = known.get(key) ?? upstream.call(call)
      known.set(key, found)
      return found
    },
  }
}

async function overLimit(described: Described, { env }: Means): Promise<ApiError | null> {
  const bound = limitOf(described)
  return bound && limitRefusal(env.DB, bound, bucketOf(described), described.upstream)
}

/** What binds a creation of this team's; `null` where nothing does. */
function limitOf({ operation, policy, order }: Described): BucketLimit | null {
  const limit = policy.limits.buckets
  if (operation.changes?.slot !== 'takes' || limit === null) return null
  return { team: order.caller.team, limit }
}

function dryRunOf({ policy, facts, decision }: Described, full: ApiError | null) {
  const told = explainDecision(policy, facts, decision)
  if (!full) return told
  const decidedBy = { kind: 'limit', rule: 'limits.buckets', ...full.members }
  return { ...told, allowed: false, code: full.code, detail: full.message, decidedBy }
}

/** Records the intent, and gives `null`; or why not, since other creations took the last slots of the team meanwhile. */
async function begin(described: Described, values: Values, means: Means): Promise<ApiError | null> {
  if (await tryBegin(described, values, means)) return null
  const full = await overLimit(described, means)
  if (full || (await tryBegin(described, values, means))) return full
  const bound = limitOf(described)
  return bound && limitReached(bound, bound.limit)
}

/** Records the intent; `false` when the team has as many buckets as it may have. */
async function tryBegin(described: Described, values: Values, { env, book }: Means): Promise<boolean> {
  const { order, operation, policy } = described
  const { id, caller, claim } = order
  const bound = { team: caller.team, limit: policy.limits.buckets }
  const others = [
    ...(claim ? takeClaim(env.DB, caller.keyId, claim, id, Date.now()) : []),
    ...(operation.changes?.slot === 'takes' ? [takeSlot(env.DB, bound, bucketOf(described), id)] : []),
  ]
  try {
    await book.begin(entryOf(described, order.lane), values, others)
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

const bucketOf = ({ order, facts }: Described): BucketRef => ({
  jurisdiction: order.jurisdiction,
  name: facts.bucket ?? '',
})

/** Sends the change, and records how it ended. */
async function send(described: Described, { book }: Means) {
  const { operation, order, settings, decision, upstream } = described
  const { params, headers, body } = order
  let response: UpstreamResponse
  try {
    response = await upstream.call(upstreamCall(operation)({ params, headers, body }))
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw await recordFailure(error, book)
  }
  const { result, result_info, messages, status, cfRay } = response
  const looking = createUpstream({ ...settings, deadlineMs: Math.min(settings.deadlineMs, LOOK_MS) })
  const after = await readAfterwards(operation, order, bucketOf(described).name, looking).catch(() => null)
  const done: Done = {
    kind: 'done',
    result,
    ...(result_info !== undefined && { result_info }),
    messages: [...messages],
    entityTag: after?.entityTag ?? null,
    warnings: violationsOf(verdictsOf(decision), 'warn').slice(0, MAX_WARNINGS),
  }
  const outcome = {
    outcome: 'happened',
    reconciled: false,
    code: null,
    upstreamStatus: status,
    cfRay,
  } as const
  // It happened, and the lane remembers that: should the store be away now, that is no news for the caller.
  const kept = { ...(order.claim && { answer: JSON.stringify(done) }), ...(after && { after: after.text }) }
  await book.end({ ...outcome, ...kept }).catch(() => undefined)
  return done
}

async function recordFailure(error: ApiError, book: Book): Promise<ApiError> {
  const { code, reached } = error
  const told = { code, upstreamStatus: reached?.status ?? null, cfRay: reached?.cfRay ?? null }
  if (reached?.isUncertain) {
    const answer = uncertain(error, book.pending?.record.id ?? '')
    // A 502 or 504 of whatever stands before the API says nothing of what the API is still doing.
    const isOfTheApi = reached.status !== null && (reached.status < 500 || error.passed !== null)
    await book.postpone(told, {
      mayStillArrive: !isOfTheApi,
      answer: JSON.stringify(failedWith(answer)),
    })
    return answer
  }
  const outcome = reached ? 'refused' : 'did_not_happen'
  // Too many requests, or a token that is not taken: Cloudflare did not look at it, and the same key may try again.
  const isFinal = reached !== null && ![401, 403, 429].includes(reached.status ?? 0)
  const answer = isFinal ? { answer: JSON.stringify(failedWith(error)) } : {}
  await book.end({ outcome, reconciled: false, ...told, ...answer }).catch(() => undefined)
  return error
}

/** The caller can't know whether it happened; the record soon does. */
function uncertain(error: ApiError, id: string): ApiError {
  const message = `${error.message} Whether the change happened will be on record: GET /v1/audit/${id}.`
  return error.with({ message, members: { audit: id } })
}
