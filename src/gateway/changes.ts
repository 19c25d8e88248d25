import * as z from 'zod'
import { REPLAYED_HEADER } from '../dialects/headers.ts'
import { judgeFirst, logVerdicts, refusalOf } from '../enforcement/authorize.ts'
import { ApiError } from '../errors.ts'
import type { Principal } from '../identity/authenticate.ts'
import { claimOf, readIdempotencyKey } from '../lanes/idempotency-key.ts'
import { deniedBodyOf, entryOf } from '../lanes/journal-entry.ts'
import { readPreconditions } from '../lanes/preconditions.ts'
import {
  type ChangeOrder,
  changeAnswer,
  type Done,
  denialsOf,
  type LaneAnswer,
  laneOf,
  type Reverts,
} from '../lanes/protocol.ts'
import { overloaded } from '../lanes/queue.ts'
import { laneNamed } from '../lanes/stub.ts'
import type { Policy } from '../policy/compile.ts'
import type { Facts, Refused } from '../policy/decide.ts'
import { explainDecision, verdictsOf } from '../policy/explain.ts'
import { factsOf, type Input, type Operation } from '../routes/operation.ts'
import type { UpstreamHeaders } from '../upstream/client.ts'
import type { AppContext } from './context.ts'

/** A change as a request asks for it, parsed. */
export interface ChangeAsked {
  readonly operation: Operation
  readonly input: Input
  readonly headers: UpstreamHeaders
  readonly dialect: 'v1' | 'v4'
  readonly dryRun: boolean
  readonly reverts?: Reverts
  /** What its caller must be allowed beside the operation itself. */
  readonly demands?: readonly Facts[]
}

export type Changed =
  | { readonly kind: 'done'; readonly done: Done; readonly replayed: boolean }
  | { readonly kind: 'decision'; readonly described: Readonly<Record<string, unknown>> }

/** Sends a change through its lane. Throws an ApiError for whatever kept it from happening. */
export async function sendChange(
  context: AppContext,
  principal: Principal,
  asked: ChangeAsked,
): Promise<Changed> {
  const { operation, input, headers, dialect, dryRun, reverts = null, demands = [] } = asked
  const { policy, keyId, keyName, team } = principal
  const facts = factsOf(operation, input)
  const { raw } = context.req
  const preconditions = readPreconditions(raw.headers)
  const key = readIdempotencyKey(raw.headers)
  const { params, jurisdiction, body } = input
  const refused = firstRefusal(policy, [facts, ...demands])
  if (dryRun && refused)
    return { kind: 'decision', described: explainDecision(policy, refused.facts, refused.decision) }
  const request = { operation: operation.name, params, jurisdiction, body, reverts: reverts?.id }
  const order: ChangeOrder = {
    id: context.get('requestId'),
    lane: laneOf(operation.changes?.slot, { team, jurisdiction, bucket: facts.bucket ?? '' }),
    operation: operation.name,
    params,
    jurisdiction,
    headers,
    ...(body !== undefined && { body }),
    dialect,
    caller: { keyId, keyName, team },
    clientAddress: addressOf(raw.headers),
    preconditions,
    claim: key === null ? null : await claimOf(key, request),
    dryRun,
    reverts,
  }
  if (refused) {
    const { decision } = refused
    logVerdicts(principal, facts, verdictsOf(decision))
    const error = refusalOf(principal, refused.facts, decision)
    await recordDenial(context, order, { operation, facts, decision }, error.code)
    throw error
  }
  const { answer, replayed } = await ask(context, order.lane, order.id, (lane) => lane.change(order))
  const parsed = changeAnswer.parse(JSON.parse(answer))
  if (parsed.kind === 'failed') throw withMark(ApiError.fromJSON(parsed.error), replayed)
  return parsed.kind === 'done' ? { kind: 'done', done: parsed, replayed } : parsed
}

/** The first that is refused of all that a change demands. */
function firstRefusal(policy: Policy, demanded: readonly Facts[]) {
  for (const facts of demanded) {
    const decision = judgeFirst(policy, facts)
    if (!decision.allowed) return { facts, decision }
  }
  return null
}

type Decided = {
  readonly operation: Operation
  readonly facts: Facts
  readonly decision: Refused
}

/** A denial that can't be recorded is a failure: nobody tries the doors unseen. */
async function recordDenial(
  context: AppContext,
  order: ChangeOrder,
  decided: Decided,
  code: string,
): Promise<void> {
  const recorded = { ...decided, order }
  const lane = denialsOf(order.caller.team)
  const entry = entryOf(recorded, lane)
  const { answer } = await ask(context, lane, order.id, (stub) =>
    stub.deny(entry, deniedBodyOf(recorded), code),
  )
  const failed = answer === '' ? null : changeAnswer.parse(JSON.parse(answer))
  if (failed?.kind === 'failed') throw ApiError.fromJSON(failed.error)
}

/** Asks a lane, and sees it through should the caller leave meanwhile. */
async function ask(
  context: AppContext,
  lane: string,
  id: string,
  question: (stub: ReturnType<typeof laneNamed>) => Promise<LaneAnswer>,
): Promise<LaneAnswer> {
  const asked = question(laneNamed(context.env, lane))
  context.executionCtx.waitUntil(asked.catch(() => undefined))
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

const ipAddress = z.union([z.ipv4(), z.ipv6()])

/** Set by Cloudflare in front of every Worker; whatever else stands there is nobody's address. */
function addressOf(headers: Headers): string | null {
  const address = headers.get('cf-connecting-ip') ?? ''
  return /^[0-9a-fA-F.:]{2,45}$/.test(address) && ipAddress.safeParse(address).success ? address : null
}
