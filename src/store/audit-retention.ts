import * as z from 'zod'
import type { Checkpoint } from '../audit/verify.ts'
import { type Page, type PageLink, page } from './audit-pages.ts'
import { condition } from './condition.ts'
import { ask } from './d1.ts'

/** The first record that has to stay, and so all after it; `null` when every one may go. */
export interface Stop {
  readonly number: number
  readonly id: string
  readonly at: number
}

const bounds = z.object({
  number: z.number().nullable(),
  id: z.string().nullable(),
  at: z.number().nullable(),
  end: z.number(),
})

// The `+` keeps SQLite from its indexes: in the order of the table it is done at the first record that stays.
const FIND_BOUNDS = `
  SELECT s.number, s.id, s.at, coalesce(s.number, (SELECT max(number) + 1 FROM audit), 0) AS "end"
  FROM (SELECT 1) LEFT JOIN (
    SELECT number, id, at FROM audit WHERE +at >= ?1 OR +outcome = 'pending' OR hash IS NULL ORDER BY number LIMIT 1
  ) s`

/** The number before which every record is closed and older than a time, and the record that stands there. */
export async function findEnd(
  db: D1Database,
  before: number,
): Promise<{ readonly end: number; readonly stop: Stop | null }> {
  const { number, id, at, end } = bounds.parse(await db.prepare(FIND_BOUNDS).bind(before).first())
  return { end, stop: number === null || id === null || at === null ? null : { number, id, at } }
}

/** How many records are older than a time. */
export async function countBefore(db: D1Database, before: number): Promise<number> {
  const count = await db.prepare('SELECT count(*) FROM audit WHERE at < ?1').bind(before).first('count(*)')
  return z.number().parse(count)
}

/** The oldest records before a number. */
export async function findOldest(
  db: D1Database,
  end: number,
  most: Pick<Page, 'records' | 'bytes'>,
): Promise<readonly PageLink[]> {
  const { links } = await ask(db, page({ where: condition('number < ?', end), order: ['number'], ...most }))
  return links
}

export interface LaneCheckpoint extends Checkpoint {
  readonly lane: string
}

// Of two runs at the same time the slower one must not move a chain's beginning back.
const MOVE_CHECKPOINTS = `
  INSERT INTO audit_checkpoints (lane, sequence, hash)
  SELECT value ->> 'lane', value ->> 'sequence', value ->> 'hash' FROM json_each(?1) WHERE true
  ON CONFLICT (lane) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash
  WHERE excluded.sequence > audit_checkpoints.sequence`

/** Removes exactly these records with their values, and says where the chains of their lanes now begin. */
export async function removeRecords(
  db: D1Database,
  links: readonly PageLink[],
  checkpoints: readonly LaneCheckpoint[],
): Promise<void> {
  const numbers = JSON.stringify(links.map(({ row }) => row.number))
  const ids = JSON.stringify(links.map(({ row }) => row.id))
  await db.batch([
    db.prepare(MOVE_CHECKPOINTS).bind(JSON.stringify(checkpoints)),
    db.prepare('DELETE FROM audit_values WHERE id IN (SELECT value FROM json_each(?1))').bind(ids),
    db.prepare('DELETE FROM audit WHERE number IN (SELECT value FROM json_each(?1))').bind(numbers),
  ])
}

const EXPIRE = `
  DELETE FROM idempotency_keys WHERE (key_id, key_digest) IN
    (SELECT key_id, key_digest FROM idempotency_keys WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)`

/** Forgets idempotency keys whose time is over, so many at most, and says how many. */
export async function expireIdempotencyKeys(db: D1Database, now: number, most: number): Promise<number> {
  const { meta } = await db.prepare(EXPIRE).bind(now, most).run()
  return meta.changes
}
