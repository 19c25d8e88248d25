import type { BucketRef } from '../policy/names.ts'

/** The buckets that count towards a team's limit: those that it created and nobody has deleted. */

export interface SlotsInUse {
  readonly used: number
  /** Whether this bucket has one already. */
  readonly isHeld: boolean
}

const COUNT = `SELECT count(*) AS used, coalesce(max(jurisdiction = ?2 AND bucket = ?3), 0) AS held
  FROM bucket_slots WHERE team = ?1`

export async function findSlots(
  db: D1Database,
  team: string,
  { jurisdiction, name }: BucketRef,
): Promise<SlotsInUse> {
  const row = await db.prepare(COUNT).bind(team, jurisdiction, name).first<{ used: number; held: number }>()
  return { used: row?.used ?? 0, isHeld: row?.held === 1 }
}

const TAKE = `INSERT INTO bucket_slots (jurisdiction, bucket, team, audit_id)
  VALUES (?1, ?2, CASE WHEN ?5 IS NULL
    OR (SELECT count(*) FROM bucket_slots WHERE team = ?3) < ?5
    OR EXISTS (SELECT 1 FROM bucket_slots WHERE jurisdiction = ?1 AND bucket = ?2 AND team = ?3) THEN ?3 END, ?4)
  ON CONFLICT DO NOTHING`

/**
 * Takes a slot for a creation; a bucket that has one keeps it. It is counted and taken in one statement, since other
 * creations of the team are under way in other lanes: when its limit is reached the team is NULL here, which the table
 * does not take, and the batch fails whole.
 */
export function takeSlot(
  db: D1Database,
  { team, limit }: { readonly team: string; readonly limit: number | null },
  { jurisdiction, name }: BucketRef,
  auditId: string,
): D1PreparedStatement {
  return db.prepare(TAKE).bind(jurisdiction, name, team, auditId, limit)
}

/** Whether a batch failed because its team has as many buckets as it may have. */
export const isFull = (error: unknown) =>
  String(error).includes('NOT NULL constraint failed: bucket_slots.team')

/** Gives the slot of a creation back that came to nothing. */
export function releaseSlot(db: D1Database, auditId: string): D1PreparedStatement {
  return db.prepare('DELETE FROM bucket_slots WHERE audit_id = ?1').bind(auditId)
}

/** A bucket that was created is its creator's alone: whoever had one of that name before has it no longer. */
export function keepSlot(
  db: D1Database,
  team: string,
  { jurisdiction, name }: BucketRef,
): D1PreparedStatement {
  const query = 'DELETE FROM bucket_slots WHERE jurisdiction = ?1 AND bucket = ?2 AND team <> ?3'
  return db.prepare(query).bind(jurisdiction, name, team)
}

/** Frees the slot of a bucket that is gone, whoever created it. */
export function freeSlot(db: D1Database, { jurisdiction, name }: BucketRef): D1PreparedStatement {
  const query = 'DELETE FROM bucket_slots WHERE jurisdiction = ?1 AND bucket = ?2'
  return db.prepare(query).bind(jurisdiction, name)
}

const LOOK = `INSERT INTO bucket_looks (team, looked_at) VALUES (?1, ?2)
  ON CONFLICT (team) DO UPDATE SET looked_at = excluded.looked_at WHERE looked_at <= excluded.looked_at - ?3`

/** Whether it is time to look for a team's buckets, and nobody else does: then nobody else will for so many ms. */
export async function takeLook(db: D1Database, team: string, now: number, everyMs: number): Promise<boolean> {
  const { meta } = await db.prepare(LOOK).bind(team, now, everyMs).run()
  return meta.changes > 0
}

export interface Slot extends BucketRef {
  readonly auditId: string
  /** The newest record when it was read. */
  readonly seen: number
}

const LIST = `SELECT jurisdiction, bucket AS name, audit_id AS auditId, (SELECT coalesce(max(number), 0) FROM audit) AS seen
  FROM bucket_slots AS slot
  WHERE team = ?1 AND NOT EXISTS (
    SELECT 1 FROM audit
    WHERE outcome = 'pending' AND subject = 'bucket:' || slot.jurisdiction || '/' || slot.bucket)
  ORDER BY random() LIMIT ?2`

/**
 * Some of a team's slots, drawn at random, so that each has its turn. What is just being created isn't there yet, and
 * holds its slot nevertheless.
 */
export async function listSlots(db: D1Database, team: string, limit: number): Promise<Slot[]> {
  const { results } = await db.prepare(LIST).bind(team, limit).all<Slot>()
  return results
}

const VACATE = `DELETE FROM bucket_slots WHERE audit_id = ?1 AND NOT EXISTS (
  SELECT 1 FROM audit
  WHERE number > ?2 AND audit.jurisdiction = bucket_slots.jurisdiction AND audit.bucket = bucket_slots.bucket)`

/** Frees the slot of a bucket that was seen to be gone, unless there has been a change of that bucket since. */
export function vacateSlot(db: D1Database, { auditId, seen }: Slot): D1PreparedStatement {
  return db.prepare(VACATE).bind(auditId, seen)
}
