/** A key and what it stands for, as they are kept: neither can be read back. */
export interface IdempotencyClaim {
  readonly keyDigest: string
  readonly fingerprint: string
}

/** What was done under an idempotency key. */
export interface ClaimRow {
  readonly fingerprint: string
  readonly auditId: string
  /** JSON of the first answer; `null` while there is none. */
  readonly answer: string | null
}

const DAY_MS = 86_400_000

const FIND = `SELECT fingerprint, audit_id AS auditId, answer FROM idempotency_keys
  WHERE key_id = ?1 AND key_digest = ?2 AND expires_at > ?3`

/** Reads what a key of this caller's stands for; `null` when it wasn't used within the last 24 hours. */
export function findClaim(db: D1Database, keyId: string, { keyDigest }: IdempotencyClaim, now: number) {
  return db.prepare(FIND).bind(keyId, keyDigest, now).first<ClaimRow>()
}

/** Takes a key for a change. The batch fails when another change has it. */
export function takeClaim(
  db: D1Database,
  keyId: string,
  { keyDigest, fingerprint }: IdempotencyClaim,
  auditId: string,
  now: number,
): D1PreparedStatement[] {
  const forget = 'DELETE FROM idempotency_keys WHERE key_id = ?1 AND key_digest = ?2 AND expires_at <= ?3'
  const take = `INSERT INTO idempotency_keys (key_id, key_digest, fingerprint, audit_id, expires_at)
    VALUES (?1, ?2, ?3, ?4, ?5)`
  return [
    db.prepare(forget).bind(keyId, keyDigest, now),
    db.prepare(take).bind(keyId, keyDigest, fingerprint, auditId, now + DAY_MS),
  ]
}

/** Whether a batch failed because another change had taken the key. */
export const isTaken = (error: unknown) => String(error).includes('idempotency_keys.')

/** Keeps the first answer of a change; a later one doesn't replace it. */
export function answerClaim(db: D1Database, auditId: string, answer: string): D1PreparedStatement {
  const query = 'UPDATE idempotency_keys SET answer = ?2 WHERE audit_id = ?1 AND answer IS NULL'
  return db.prepare(query).bind(auditId, answer)
}

/** Gives a key back whose change did not happen, and that nobody has an answer for. */
export function releaseClaim(db: D1Database, auditId: string): D1PreparedStatement {
  return db.prepare('DELETE FROM idempotency_keys WHERE audit_id = ?1 AND answer IS NULL').bind(auditId)
}
