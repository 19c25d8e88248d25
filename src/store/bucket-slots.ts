import * as z from 'zod'
import { type BucketRef, JURISDICTIONS } from '../policy/names.ts'
import { ask, execute } from './d1.ts'
import { query, type Statement, statement } from './statement.ts'

/** The buckets that count towards a team's limit: those that it created and nobody has deleted. */

export interface SlotsInUse {
  readonly used: number
  /** Whether this bucket has one already. */
  readonly isHeld: boolean
}

const COUNT = `SELECT count(*) AS used, coalesce(max(jurisdiction = ?2 AND bucket = ?3), 0) AS held
  FROM bucket_slots WHERE team = ?1`

const counted = z.tuple([z.object({ used: z.number(), held: z.number() })])

export function findSlots(
  db: D1Database,
  team: string,
  { jurisdiction, name }: BucketRef,
): Promise<SlotsInUse> {
  const slots = query(statement(COUNT, team, jurisdiction, name), (rows) => {
    const [{ used, held }] = counted.parse(rows)
    return { used, isHeld: held === 1 }
  })
  return ask(db, slots)
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
  { team, limit }: { readonly team: string; readonly limit: number | null },
  { jurisdiction, name }: BucketRef,
  auditId: string,
): Statement {
  return statement(TAKE, jurisdiction, name, team, auditId, limit)
}

/** Whether a batch failed because its team has as many buckets as it may have. */
export const isFull = (error: unknown) =>
  String(error).includes('NOT NULL constraint failed: bucket_slots.team')

/** Gives the slot of a creation back that came to nothing. */
export const releaseSlot = (auditId: string): Statement =>
  statement('DELETE FROM bucket_slots WHERE audit_id = ?1', auditId)

/** A bucket that was created is its creator's alone: whoever had one of that name before has it no longer. */
export const keepSlot = (team: string, { jurisdiction, name }: BucketRef): Statement =>
  statement(
    'DELETE FROM bucket_slots WHERE jurisdiction = ?1 AND bucket = ?2 AND team <> ?3',
    jurisdiction,
    name,
    team,
  )

/** Frees the slot of a bucket that is gone, whoever created it. */
export const freeSlot = ({ jurisdiction, name }: BucketRef): Statement =>
  statement('DELETE FROM bucket_slots WHERE jurisdiction = ?1 AND bucket = ?2', jurisdiction, name)

const LOOK = `INSERT INTO bucket_looks (team, looked_at) VALUES (?1, ?2)
  ON CONFLICT (team) DO UPDATE SET looked_at = excluded.looked_at WHERE looked_at <= excluded.looked_at - ?3`

/** Whether it is time to look for a team's buckets, and nobody else does: then nobody else will for so many ms. */
export async function takeLook(db: D1Database, team: string, now: number, everyMs: number): Promise<boolean> {
  return (await execute(db, statement(LOOK, team, now, everyMs))) > 0
}

const slots = z.array(
  z.object({
    jurisdiction: z.enum(JURISDICTIONS),
    name: z.string(),
    auditId: z.string(),
    /** The newest record when it was read. */
    seen: z.number(),
  }),
)
export type Slot = z.output<typeof slots>[number]

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
export const listSlots = (db: D1Database, team: string, limit: number): Promise<Slot[]> =>
  ask(
    db,
    query(statement(LIST, team, limit), (rows) => slots.parse(rows)),
  )

const VACATE = `DELETE FROM bucket_slots WHERE audit_id = ?1 AND NOT EXISTS (
  SELECT 1 FROM audit
  WHERE number > ?2 AND audit.jurisdiction = bucket_slots.jurisdiction AND audit.bucket = bucket_slots.bucket)`

/** Frees the slot of a bucket that was seen to be gone, unless there has been a change of that bucket since. */
export const vacateSlot = ({ auditId, seen }: Slot): Statement => statement(VACATE, auditId, seen)
