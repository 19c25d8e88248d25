import * as z from 'zod'
import { ask } from './d1.ts'
import { queryOne, type Statement, statement } from './statement.ts'

/** A key and what it stands for, as they are kept: neither can be read back. */
export interface IdempotencyClaim {
  readonly keyDigest: string
  readonly fingerprint: string
}

const claimRow = z.object({
  fingerprint: z.string(),
  auditId: z.string(),
  /** JSON of the first answer; `null` while there is none. */
  answer: z.string().nullable(),
})

/** What was done under an idempotency key. */
export type ClaimRow = z.output<typeof claimRow>

const DAY_MS = 86_400_000

const FIND = `SELECT fingerprint, audit_id AS auditId, answer FROM idempotency_keys
  WHERE key_id = ?1 AND key_digest = ?2 AND expires_at > ?3`

/** Reads what a key of this caller's stands for; `null` when it wasn't used within the last 24 hours. */
export function findClaim(
  db: D1Database,
  keyId: string,
  { keyDigest }: IdempotencyClaim,
  now: number,
): Promise<ClaimRow | null> {
  const asked = statement(FIND, keyId, keyDigest, now)
  return ask(
    db,
    queryOne(asked, (row) => claimRow.parse(row)),
  )
}

const FORGET = 'DELETE FROM idempotency_keys WHERE key_id = ?1 AND key_digest = ?2 AND expires_at <= ?3'

const TAKE = `INSERT INTO idempotency_keys (key_id, key_digest, fingerprint, audit_id, expires_at)
  VALUES (?1, ?2, ?3, ?4, ?5)`

/** Takes a key for a change. The batch fails when another change has it. */
export function takeClaim(
  keyId: string,
  { keyDigest, fingerprint }: IdempotencyClaim,
  auditId: string,
  now: number,
): Statement[] {
  return [
    statement(FORGET, keyId, keyDigest, now),
    statement(TAKE, keyId, keyDigest, fingerprint, auditId, now + DAY_MS),
  ]
}

/** Whether a batch failed because another change had taken the key. */
export const isTaken = (error: unknown) => String(error).includes('idempotency_keys.')

/** Keeps the first answer of a change; a later one doesn't replace it. */
export const answerClaim = (auditId: string, answer: string): Statement =>
  statement('UPDATE idempotency_keys SET answer = ?2 WHERE audit_id = ?1 AND answer IS NULL', auditId, answer)

/** Gives a key back whose change did not happen, and that nobody has an answer for. */
export const releaseClaim = (auditId: string): Statement =>
  statement('DELETE FROM idempotency_keys WHERE audit_id = ?1 AND answer IS NULL', auditId)
