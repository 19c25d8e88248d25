import { hashOf } from '../audit/chain.ts'
import type { AuditRecord } from '../audit/record.ts'
import { bucketOf } from '../audit/subject.ts'
import { sha256 } from '../encoding/canonical-json.ts'
import { log } from '../log.ts'
import { operationNamed } from '../routes/index.ts'
import { closeRecord } from '../store/audit.ts'
import { freeSlot, keepSlot, releaseSlot } from '../store/bucket-slots.ts'
import { answerClaim, releaseClaim } from '../store/idempotency-keys.ts'
import { bytesOf, fitsRow } from '../store/row-limit.ts'
import type { Statement } from '../store/statement.ts'
import { answerTooLarge } from './idempotency-conflict.ts'
import { failedWith } from './protocol.ts'

/** What is only known of a change when it has ended. */
export interface ChangeResult {
  readonly outcome: 'happened' | 'refused' | 'did_not_happen' | 'unknown'
  readonly reconciled: boolean
  readonly code: string | null
  readonly upstreamStatus: number | null
  readonly cfRay: string | null
  /** Canonical JSON of the configuration afterwards; absent when it could not be read. */
  readonly after?: string
  /** JSON of the answer, for whoever asks again under the same idempotency key. */
  readonly answer?: string
}

/** How a change ended, as it is to be written: the closed record, and what of the values has room. */
export interface Ending extends Pick<ChangeResult, 'after' | 'answer'> {
  readonly record: AuditRecord
}

/** The ending of a pending record. What is too large for a row is left out: it must not keep the record open. */
export async function endingOf(
  record: AuditRecord,
  { after, answer, ...result }: ChangeResult,
): Promise<Ending> {
  const closed = {
    ...record,
    ...result,
    reconciled: Number(result.reconciled),
    durationMs: Date.now() - record.at,
  }
  const kept = after !== undefined && fits('after', after, record.id) ? after : undefined
  return hashed(closed, kept, answer === undefined ? answer : keepable(answer, record.id))
}

/** The same ending where the store doesn't take its values. */
export function withoutValues({ record, answer }: Ending): Promise<Ending> {
  return hashed(record, undefined, answer === undefined ? answer : substituteOf(record.id))
}

async function hashed(record: AuditRecord, after?: string, answer?: string): Promise<Ending> {
  const closed = { ...record, afterDigest: after === undefined ? null : await sha256(after) }
  return {
    record: { ...closed, hash: await hashOf(closed) },
    ...(after !== undefined && { after }),
    ...(answer !== undefined && { answer }),
  }
}

/** An answer as it may be kept under an idempotency key. */
export function keepable(answer: string, id: string): string {
  return fits('answer', answer, id) ? answer : substituteOf(id)
}

/** In place of an answer that has no room. */
const substituteOf = (id: string) => JSON.stringify(failedWith(answerTooLarge(id)))

function fits(part: 'after' | 'answer', text: string, id: string): boolean {
  const fits = fitsRow(text)
  if (!fits) log('warn', 'a value is too large to be kept', { id, part, bytes: bytesOf(text) })
  return fits
}

const NOTHING_CAME_OF_IT: ReadonlySet<string> = new Set(['did_not_happen', 'refused'])

/** All that is written with an ending, the record first. */
export function closingStatements({ record, after, answer }: Ending): Statement[] {
  return [
    ...closeRecord(record, after),
    ...slotStatements(record),
    ...(answer === undefined ? [] : [answerClaim(record.id, answer)]),
    ...(NOTHING_CAME_OF_IT.has(record.outcome) ? [releaseClaim(record.id)] : []),
  ]
}

function slotStatements(record: AuditRecord): Statement[] {
  const { operation, outcome, id, team } = record
  const bucket = bucketOf(record)
  if (bucket === null) return []
  const slot = operationNamed(operation)?.changes?.slot
  if (slot === 'frees') return outcome === 'happened' ? [freeSlot(bucket)] : []
  if (slot !== 'takes') return []
  if (outcome === 'happened') return [keepSlot(team, bucket)]
  return outcome === 'unknown' ? [] : [releaseSlot(id)]
}
