import { REPLAYED_HEADER } from '../dialects/headers.ts'
import { precheck } from '../enforcement/authorize.ts'
import { denial, logVerdicts } from '../enforcement/denial.ts'
import { demandKnownFields } from '../enforcement/known-fields.ts'
import { ApiError, invalidRequest } from '../errors.ts'
import type { Principal } from '../identity/principal.ts'
import { claimOf, readIdempotencyKey } from '../lanes/idempotency-key.ts'
import { deniedBodyOf, entryOf } from '../lanes/journal-entry.ts'
import { NO_CONDITIONS, readPreconditions } from '../lanes/preconditions.ts'
import {
  type ChangeRequest,
  changeAnswer,
  denialsOf,
  type LaneAnswer,
  laneOf,
  type Reverts,
} from '../lanes/protocol.ts'
import { overloaded } from '../lanes/queue.ts'
import { laneNamed } from '../lanes/stub.ts'
import type { Policy } from '../policy/compile.ts'
import { type Denied, decideAccess, type Facts } from '../policy/decide.ts'
import { explainDecision, verdictsOf } from '../policy/explain.ts'
import { unreadable } from '../policy/unreadable.ts'
import { factsOf, type Operation } from '../routes/operation.ts'
import { jurisdictionHeader } from '../upstream/client.ts'
import type { Deps, OperationRequest, Outcome } from './request.ts'

/** A change, with what an undoing has beside it. */
export interface ChangeInput extends OperationRequest {
  readonly reverts?: Reverts
  /** What its caller must be allowed beside the operation itself. */
  readonly demands?: readonly Facts[]
}

/** Makes a change, through its lane. Throws an ApiError for whatever kept it from happening. */
export async function makeChange(
  operation: Operation,
  input: ChangeInput,
  principal: Principal,
  deps: Deps,
): Promise<Outcome> {
  const { params, jurisdiction, body, headers, dryRun = false, conditions = NO_CONDITIONS } = input
  const { reverts = null, demands = [] } = input
  const { policy, policyVersion, keyId, keyName, team } = principal
  const facts = factsOf(operation, input)
  const preconditions = readPreconditions(conditions)
  const key = readIdempotencyKey(conditions.idempotencyKey)
  demandReadable(policy, facts)
  const denied = firstDenial(policy, [facts, ...demands])
  if (denied === null || denied.decision.reason.kind === 'guardrail')
    demandKnownFields(operation, policy, input)
  if (dryRun && denied)
    return { kind: 'decision', described: explainDecision(policy, denied.facts, denied.decision) }
  const request = { operation: operation.name, params, jurisdiction, body, reverts: reverts?.id }
  const change: ChangeRequest = {
    id: deps.requestId,
    lane: laneOf({ jurisdiction, name: facts.bucket ?? '' }),
    operation: operation.name,
    params,
    jurisdiction,
    headers: headers ?? jurisdictionHeader(jurisdiction),
    ...(body !== undefined && { body }),
    dialect: deps.dialect,
    principal: { keyId, keyName, team },
    clientAddress: deps.clientAddress,
    preconditions,
    claim: key === null ? null : await claimOf(key, request),
    dryRun,
    reverts,
  }
  if (denied) {
    const { decision } = denied
    logVerdicts(principal, facts, verdictsOf(decision))
    const error = denial(principal, denied.facts, decision)
    await recordDenial(deps, change, { operation, facts, decision, policyVersion }, error.code)
    throw error
  }
  const { answer, replayed } = await ask(deps, change.lane, change.id, (lane) => lane.change(change))
  const parsed = changeAnswer.parse(JSON.parse(answer))
  if (parsed.kind === 'failed') throw withMark(ApiError.fromJSON(parsed.error), replayed)
  if (parsed.kind === 'decision') return parsed
  const { result, result_info, messages, entityTag, warnings } = parsed
  return { kind: 'done', answer: { result, result_info, messages }, meta: { entityTag, warnings, replayed } }
}

/** Whose access is denied learns that and no more; else a body that no guardrail can judge is a mistake, and not a denial. */
function demandReadable(policy: Policy, facts: Facts): void {
  if (!decideAccess(policy, facts).allowed) return
  const faults = unreadable(policy, facts)
  if (faults.length > 0) throw invalidRequest(faults.map((fault) => ({ in: 'body', ...fault })))
}

/** The first denial of all that a change demands. */
function firstDenial(policy: Policy, demanded: readonly Facts[]) {
  for (const facts of demanded) {
    const decision = precheck(policy, facts)
    if (!decision.allowed) return { facts, decision }
  }
  return null
}

interface DeniedChange {
  readonly operation: Operation
  readonly facts: Facts
  readonly decision: Denied
  readonly policyVersion: number | null
}

/** A denial that can't be recorded is a failure: nobody tries the doors unseen. */
async function recordDenial(
  deps: Deps,
  change: ChangeRequest,
  denied: DeniedChange,
  code: string,
): Promise<void> {
  const recorded = { ...denied, request: change }
  const lane = denialsOf(change.principal.team)
  const entry = entryOf(recorded, lane)
  const { answer } = await ask(deps, lane, change.id, (stub) =>
    stub.deny(entry, deniedBodyOf(recorded), code),
  )
  const failed = answer === '' ? null : changeAnswer.parse(JSON.parse(answer))
  if (failed?.kind === 'failed') throw ApiError.fromJSON(failed.error)
}

/** Asks a lane, and sees it through should the caller leave meanwhile. */
async function ask(
  deps: Deps,
  lane: string,
  id: string,
  question: (stub: ReturnType<typeof laneNamed>) => Promise<LaneAnswer>,
): Promise<LaneAnswer> {
  const asked = question(laneNamed(deps.env, lane))
  deps.waitUntil(asked.catch(() => undefined))
  try {
    return await asked
  } catch (cause) {
    if (isOverloaded(cause)) throw overloaded(cause)
    const message = `The warden lost sight of this change. Whether it happened will be on record: GET /v1/audit/${id}.`
    throw new ApiError('internal', message, { members: { audit: id }, cause })
  }
}

/** As the runtime marks it (developers.cloudflare.com/durable-objects/best-practices/error-handling). */
function isOverloaded(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'overloaded' in error && error.overloaded === true
}

const withMark = (error: ApiError, replayed: boolean) =>
  replayed ? error.with({ headers: { [REPLAYED_HEADER]: 'true' } }) : error
