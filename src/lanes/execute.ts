import type { Values } from '../audit/record.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { authorize } from '../enforcement/authorize.ts'
import { denial, logVerdicts } from '../enforcement/denial.ts'
import type { Env } from '../env.ts'
import { ApiError, unavailable } from '../errors.ts'
import { isInForce, unauthenticated } from '../identity/key-cache.ts'
import type { Policy } from '../policy/compile.ts'
import type { Facts } from '../policy/decide.ts'
import { explainDecision, verdictsOf, violationsOf } from '../policy/explain.ts'
import { readStoredPolicy } from '../policy/stored.ts'
import { operationNamed } from '../routes/index.ts'
import { factsOf } from '../routes/operation.ts'
import { type Settings, settingsOf } from '../settings.ts'
import { findPendingLane, isHeldElsewhere } from '../store/audit.ts'
import { takeSlot } from '../store/bucket-slots.ts'
import { findClaim, isTaken, takeClaim } from '../store/idempotency-keys.ts'
import { findKey } from '../store/keys.ts'
import { upstreamCall } from '../upstream/call.ts'
import { createUpstream, type Upstream, type UpstreamResponse } from '../upstream/client.ts'
import { askStore } from './ask-store.ts'
import type { Quota } from './bucket-limit.ts'
import { readAfterwards, readConfiguration } from './configuration.ts'
import type { Book } from './journal.ts'
import { bodyOf, deniedBodyOf, entryOf, type Recorded } from './journal-entry.ts'
import { holds } from './preconditions.ts'
import { type ChangeAnswer, type ChangeOrder, type Done, failedWith, type LaneAnswer } from './protocol.ts'
import { settle } from './reconcile.ts'
import { laneNamed } from './stub.ts'

/** How long a change that has happened keeps its caller waiting for what came of it. */
const LOOK_MS = 5_000
/** More would tell nobody more, and an answer has to fit where it is kept. */
const MAX_WARNINGS = 100

/** What a change needs beside what it is told. */
export interface Means {
  readonly env: Env
  readonly book: Book
  readonly quota: Quota
}

/** Makes one change, with the lane to itself. What is refused is an answer too; only what is unforeseen throws. */
export async function makeChange(order: ChangeOrder, means: Means): Promise<LaneAnswer> {
  try {
    const first = await firstAnswer(order, means)
    if (first !== null) return { answer: first, replayed: true }
    if (!order.dryRun) await settle(means)
    const settled = await firstAnswer(order, means)
    if (settled !== null) return { answer: settled, replayed: true }
    return { answer: JSON.stringify(await changeAlone(order, means)), replayed: false }
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
  throw new ApiError(
    'idempotency_conflict',
    `How the first attempt under this key ended is not known: see GET /v1/audit/${known.auditId}.`,
  )
}

const mismatch = () =>
  new ApiError('idempotency_mismatch', 'This Idempotency-Key was used for another request: make a new one.')

/** A bucket that is just being created has a change pending in another lane: that comes first, and then all anew. */
async function changeAlone(order: ChangeOrder, means: Means): Promise<ChangeAnswer> {
  try {
    return await change(order, means)
  } catch (error) {
    if (!(error instanceof ApiError && isHeldElsewhere(error.cause))) throw error
    await settleElsewhere(order, means)
    return change(order, means)
  }
}

async function settleElsewhere(order: ChangeOrder, means: Means): Promise<void> {
  const { DB } = means.env
  const operation = operationNamed(order.operation)
  const bucket = operation && factsOf(operation, { ...order, query: {}, body: order.body }).bucket
  const lane = await askStore(findPendingLane(DB, order.jurisdiction, bucket ?? ''))
  if (lane === null) return // it has ended meanwhile
  if (lane === order.lane) return settle(means) // an intent of its own that came late: waiting for itself would never end
  try {
    await laneNamed(means.env, lane).settle(lane)
  } catch (cause) {
    const message =
      'How another change of this bucket ended is not known yet. Nothing was changed; try again.'
    throw unavailable(message, 5, cause)
  }
}

async function change(order: ChangeOrder, means: Means): Promise<ChangeAnswer> {
  const { book } = means
  const described = await describe(order, means)
  const { facts, decision } = described
  logVerdicts(order.caller, facts, verdictsOf(decision))
  const full = decision.allowed ? await overQuota(described, means) : null
  if (order.dryRun) {
    if (decision.allowed && (order.preconditions || order.reverts)) await readBefore(described)
    return { kind: 'decision', described: dryRunOf(described, full) }
  }
  const refused = decision.allowed ? full : denial(order.caller, facts, decision)
  if (refused) {
    const entry = entryOf(described, order.lane)
    const denied = { ...entry, decision: 'denied', ...(full && { rule: 'limits.buckets' }) } as const
    await book.deny(denied, deniedBodyOf(described), refused.code)
    throw refused
  }
  const before = await readBefore(described)
  await begin(described, { ...bodyOf(described), before }, means)
  return send(described, means)
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
async function readBefore({ order, operation, facts, upstream }: Described): Promise<string> {
  const { preconditions, reverts } = order
  const { text, entityTag } = await readConfiguration(operation, order, placeOf(facts).bucket, upstream)
  const isExpected = (reverts?.expected ?? text) === text
  if (isExpected && (preconditions === null || holds(preconditions, entityTag))) return text
  const message = 'The configuration has been changed since. Read it again, then decide.'
  throw new ApiError('precondition_failed', message)
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

async function overQuota({ operation, policy, facts, order, upstream }: Described, { env, quota }: Means) {
  const limit = policy.limits.buckets
  if (operation.changes?.slot !== 'takes' || limit === null) return null
  return quota.refusal(env.DB, { team: order.caller.team, limit }, facts, upstream)
}

function dryRunOf({ policy, facts, decision }: Described, full: ApiError | null) {
  const told = explainDecision(policy, facts, decision)
  if (!full) return told
  const decidedBy = { kind: 'limit', rule: 'limits.buckets', ...full.members }
  return { ...told, allowed: false, code: full.code, detail: full.message, decidedBy }
}

async function begin(described: Described, values: Values, { env, book }: Means) {
  const { order, operation, facts, settings } = described
  const { id, caller, claim } = order
  const others = [
    ...(claim ? takeClaim(env.DB, caller.keyId, claim, id, Date.now()) : []),
    ...(operation.changes?.slot === 'takes' ? [takeSlot(env.DB, caller.team, placeOf(facts), id)] : []),
  ]
  try {
    await book.begin(entryOf(described, order.lane), values, others, settings.deadlineMs)
  } catch (error) {
    throw error instanceof ApiError && isTaken(error.cause) ? mismatch() : error
  }
}

const placeOf = ({ jurisdiction, bucket }: Facts) => ({ jurisdiction, bucket: bucket ?? '' })

/** Sends the change, and records how it ended. */
async function send({ operation, order, settings, facts, decision, upstream }: Described, { book }: Means) {
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
  const after = await readAfterwards(operation, order, placeOf(facts).bucket, looking).catch(() => null)
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
