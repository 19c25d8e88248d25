import * as z from 'zod'
import type { Checkpoint } from '../audit/verify.ts'
import { type Page, type PageLink, page } from './audit-pages.ts'
import { condition } from './condition.ts'
import { ask } from './d1.ts'

/** From where on a lane's records have to stay, because the one that stands there is not closed. */
export interface Hold {
  readonly lane: string
  readonly sequence: number
  readonly id: string
}

/** The records that may go: those before a number, but for what follows an open one in its lane. */
export interface Removable {
  readonly end: number
  readonly holds: readonly Hold[]
}

// The `+` keeps SQLite from its indexes: in the order of the table it is done at the first record that is too young.
const FIND_END = `
  SELECT coalesce((SELECT number FROM audit WHERE +at >= ?1 ORDER BY number LIMIT 1),
                  (SELECT max(number) + 1 FROM audit), 0) AS "end"`

// Only its own lane waits for a record that is not closed: a chain loses its beginning, and never a link in the middle.
const FIND_HOLDS = `
  SELECT lane, min(sequence) AS sequence, id FROM audit
  WHERE number < ?1 AND (outcome = 'pending' OR hash IS NULL) GROUP BY lane`

const holds = z.array(z.object({ lane: z.string(), sequence: z.number(), id: z.string() }))

/** What is closed and older than a time. */
export async function findRemovable(db: D1Database, before: number): Promise<Removable> {
  const end = z.number().parse(await db.prepare(FIND_END).bind(before).first('end'))
  const { results } = await db.prepare(FIND_HOLDS).bind(end).all()
  return { end, holds: holds.parse(results) }
}

/** How many records are older than a time. */
export async function countBefore(db: D1Database, before: number): Promise<number> {
  const count = await db.prepare('SELECT count(*) FROM audit WHERE at < ?1').bind(before).first('count(*)')
  return z.number().parse(count)
}

const REMOVABLE = `number < ? AND NOT EXISTS (
  SELECT 1 FROM json_each(?) WHERE audit.lane = value ->> 'lane' AND audit.sequence >= value ->> 'sequence')`

/** The oldest records that may go. */
export async function findOldest(
  db: D1Database,
  { end, holds }: Removable,
  most: Pick<Page, 'records' | 'bytes'>,
): Promise<readonly PageLink[]> {
  const where = condition(REMOVABLE, end, JSON.stringify(holds))
  const { links } = await ask(db, page({ where, order: ['number'], ...most }))
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
