import { paramsOf } from '../audit/params.ts'
import type { AuditRecord, Values } from '../audit/record.ts'
import { bucketOf } from '../audit/subject.ts'
import type { Env } from '../env.ts'
import { ApiError, unavailable } from '../errors.ts'
import { operationNamed } from '../routes/index.ts'
import type { Operation } from '../routes/operation.ts'
import { settingsOf } from '../settings.ts'
import { findValues } from '../store/audit.ts'
import { createUpstream } from '../upstream/client.ts'
import { askStore } from './ask-store.ts'
import { type Configuration, readConfiguration } from './configuration.ts'
import type { Book } from './journal.ts'
import { failedWith } from './protocol.ts'

const MAX_ATTEMPTS = 12
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 5 * 60_000

interface Settling {
  readonly env: Env
  readonly book: Book
}

/**
 * Closes what an earlier change of the lane left pending (a crash, a timeout, a store that was away): by what the lane
 * remembers of it or, where it never learned, by reading upstream. Throws `unavailable` while that can't be known.
 * Only the lane's own attempts count: callers in a hurry must not use them up.
 */
export async function settle({ env, book }: Settling, by: 'alarm' | 'caller' = 'caller'): Promise<void> {
  const { pending } = book
  if (!pending) return
  if (pending.ending) return book.close(pending.ending)
  const record = await book.findRecorded(pending)
  if (record?.outcome !== 'pending') return
  const { code, upstreamStatus, cfRay } = pending.record // what the caller was told then
  const seen = { reconciled: true, code, upstreamStatus, cfRay }
  // The lane notes that the store has the intent before it sends anything.
  if (!pending.isRecorded) return book.end({ ...seen, outcome: 'did_not_happen' })

  const [values, now] = await Promise.all([
    askStore(findValues(env.DB, record.id)),
    configurationNow(env, record).catch(() => null),
  ])
  if (now === null) {
    if (by === 'caller') throw notYet(FIRST_PAUSE_MS)
    if (pending.attempts >= MAX_ATTEMPTS)
      return book.end({ ...seen, outcome: 'unknown', answer: unknownAnswer(record.id) })
    await book.tryAgain(pending, Math.min(FIRST_PAUSE_MS * 2 ** pending.attempts, LONGEST_PAUSE_MS))
    throw notYet(FIRST_PAUSE_MS)
  }
  const outcome = outcomeOf(operationOf(record), values, now.text)
  if (outcome !== 'happened' && Date.now() < pending.notBefore) throw notYet(pending.notBefore - Date.now())
  const answers = {
    happened: doneAnswer(operationOf(record), now),
    unknown: unknownAnswer(record.id),
    did_not_happen: undefined,
  }
  const answer = answers[outcome]
  await book.end({ ...seen, outcome, after: now.text, ...(answer !== undefined && { answer }) })
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
  const place = { params: paramsOf(record), jurisdiction: bucket.jurisdiction }
  return readConfiguration(operationOf(record), place, bucket.name, createUpstream(settingsOf(env)))
}

/** For whoever asks again under the same idempotency key: what is there now is what they would have been answered. */
function doneAnswer({ result: hasResult, changes }: Operation, { result, entityTag }: Configuration): string {
  const answered = hasResult ? (changes?.recorded?.(result) ?? result) : {}
  return JSON.stringify({ kind: 'done', result: answered, messages: [], entityTag, warnings: [] })
}

function unknownAnswer(id: string): string {
  const message = `How the first attempt under this key ended is not known: see GET /v1/audit/${id}.`
  return JSON.stringify(failedWith(new ApiError('idempotency_conflict', message)))
}

function notYet(pauseMs: number): ApiError {
  const message = 'How an earlier change here ended is not known yet. Nothing was changed; try again.'
  return unavailable(message, Math.max(1, Math.ceil(pauseMs / 1000)))
}
