import { paramsOf } from '../audit/params.ts'
import type { AuditRecord, Values } from '../audit/record.ts'
import { bucketOf } from '../audit/subject.ts'
import type { Env } from '../env.ts'
import { ApiError, unavailable } from '../errors.ts'
import { log } from '../log.ts'
import { operationNamed } from '../routes/index.ts'
import type { Operation } from '../routes/operation.ts'
import { settingsOf } from '../settings.ts'
import { findValues } from '../store/audit.ts'
import { createUpstream } from '../upstream/client.ts'
import { askStore } from './ask-store.ts'
import { type Configuration, readConfiguration } from './configuration.ts'
import type { Deps } from './deps.ts'
import type { ChangeResult } from './ending.ts'
import { outcomeUnknown } from './idempotency-conflict.ts'
import type { Pending } from './journal-state.ts'
import { failedWith } from './protocol.ts'

const MAX_FAILURES = 12
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 5 * 60_000

/** Why what is pending could not be closed now. */
type Obstacle =
  /** It is not there, and may still arrive. */
  | { readonly reason: 'under-way' }
  /** The store, which has the last word, can't be asked. */
  | { readonly reason: 'store-away'; readonly cause: unknown }
  /** Whatever else: it may pass, or never. */
  | { readonly reason: 'failed'; readonly cause: unknown }

/**
 * Closes what an earlier change of the lane left pending (a crash, a timeout, a store that was away): by what the lane
 * remembers of it or, where it never learned, by reading upstream. Throws `unavailable` while that can't be done.
 */
export async function reconcile({ env, journal }: Deps): Promise<void> {
  const { pending } = journal
  const obstacle = pending && (await attempt(pending, { env, journal }))
  if (!obstacle) return
  if (obstacle.reason === 'under-way') throw notYet(pending.notBefore - Date.now())
  if (obstacle.reason === 'store-away') throw obstacle.cause
  if (!(obstacle.cause instanceof ApiError)) logFailure(pending, obstacle) // of those there is a line already
  throw notYet(FIRST_PAUSE_MS)
}

/**
 * The same by the lane's alarm, which is set again until it is done. Only these attempts count, since callers in a hurry
 * must not use them up; and not while the store is away, since it will take what is true as soon as it is back.
 */
export async function reconcileByAlarm({ env, journal }: Deps): Promise<void> {
  const { pending } = journal
  const obstacle = pending && (await attempt(pending, { env, journal }))
  if (!obstacle) return
  if (obstacle.reason === 'under-way') return journal.wait(pending)
  logFailure(pending, obstacle)
  const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** pending.attempts, LONGEST_PAUSE_MS)
  await journal.tryAgain(pauseMs, { isCounted: obstacle.reason === 'failed' })
}

function logFailure(
  { record: { id, lane } }: Pending,
  { reason, cause }: Exclude<Obstacle, { reason: 'under-way' }>,
) {
  log('warn', 'a change is not settled yet', { lane, id, reason, error: String(cause) })
}

async function attempt(pending: Pending, { env, journal }: Deps): Promise<Obstacle | null> {
  try {
    if (!(await journal.isOpen(pending))) return null
  } catch (cause) {
    return { reason: 'store-away', cause }
  }
  try {
    return await closeOpen(pending, { env, journal })
  } catch (cause) {
    return { reason: 'failed', cause }
  }
}

/** Closes what the store has open. When that has failed often enough, it is closed as what nobody knows. */
async function closeOpen(pending: Pending, { env, journal }: Deps): Promise<Obstacle | null> {
  const isLastResort = pending.failures >= MAX_FAILURES
  if (pending.ending) {
    await journal.close(pending, pending.ending, isLastResort)
    return null
  }
  const { id, code, upstreamStatus, cfRay } = pending.record
  const seen = { reconciled: true, code, upstreamStatus, cfRay } // what the caller was told then
  const unknown = { outcome: 'unknown', answer: unknownAnswer(id) } as const
  const found = await findOutcome(pending, env).catch((error: unknown) => {
    if (isLastResort) return unknown
    throw error
  })
  if (found === null) return { reason: 'under-way' }
  await journal.end({ ...seen, ...found })
  return null
}

/** What became of a change that nothing has been heard of; `null` while it may still be on its way. */
async function findOutcome(
  { record, isRecorded, notBefore }: Pending,
  env: Env,
): Promise<Pick<ChangeResult, 'outcome' | 'after' | 'answer'> | null> {
  // The lane notes that the store has the intent before it sends anything.
  if (!isRecorded) return { outcome: 'did_not_happen' }
  const operation = operationOf(record)
  const [values, now] = await Promise.all([
    askStore(findValues(env.DB, record.id)),
    configurationNow(env, record),
  ])
  const outcome = outcomeOf(operation, values, now.text)
  if (outcome !== 'happened' && Date.now() < notBefore) return null
  const answers = {
    happened: doneAnswer(operation, now),
    unknown: unknownAnswer(record.id),
    did_not_happen: undefined,
  }
  const answer = answers[outcome]
  return { outcome, after: now.text, ...(answer !== undefined && { answer }) }
}

/**
 * Whether a change happened, by what was there before and what is there now. A replacement by the same value leaves
 * no trace, and what is neither the one nor the other was changed by somebody past the warden: both are unknown.
 */
export function outcomeOf(operation: Operation, { body, before }: Values, now: string) {
  const asked = body === undefined ? undefined : JSON.parse(body)
  const isDone = (text: string) => operation.changes?.isDone(JSON.parse(text), asked) === true
  if (before === undefined) return 'unknown'
  const wasDone = isDone(before)
  if (isDone(now) && !wasDone) return 'happened'
  if (before !== now) return 'unknown'
  const isRepeatable = operation.method === 'put' || operation.method === 'patch'
  return wasDone && isRepeatable ? 'unknown' : 'did_not_happen'
}

function operationOf({ operation }: AuditRecord): Operation {
  const found = operationNamed(operation)
  if (!found) throw new TypeError(`no operation is called ${operation}`)
  return found
}

async function configurationNow(env: Env, record: AuditRecord): Promise<Configuration> {
  const bucket = bucketOf(record)
  if (!bucket) throw new TypeError(`${record.subject} has no configuration`)
  const target = { params: paramsOf(record), jurisdiction: bucket.jurisdiction }
  return readConfiguration(operationOf(record), target, bucket.name, createUpstream(settingsOf(env)))
}

/** For whoever asks again under the same idempotency key: what is there now is what they would have been answered. */
function doneAnswer({ result: hasResult, changes }: Operation, { result, entityTag }: Configuration): string {
  const answered = hasResult ? (changes?.recorded?.(result) ?? result) : {}
  return JSON.stringify({ kind: 'done', result: answered, messages: [], entityTag, warnings: [] })
}

const unknownAnswer = (id: string) => JSON.stringify(failedWith(outcomeUnknown(id)))

function notYet(pauseMs: number): ApiError {
  const message = 'How an earlier change here ended is not known yet. Nothing was changed; try again.'
  return unavailable(message, Math.max(1, Math.ceil(pauseMs / 1000)))
}
