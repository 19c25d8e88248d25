import * as z from 'zod'
import type { Checkpoint } from '../audit/verify.ts'
import { type Page, type PageLink, page } from './audit-pages.ts'
import { condition } from './condition.ts'
import { ask, batch, execute } from './d1.ts'
import { query, statement } from './statement.ts'

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
                  (SELECT max(number) + 1 FROM audit), 0) AS number`

const numbers = z.tuple([z.object({ number: z.number() })])

// Only its own lane waits for a record that is not closed: a chain loses its beginning, and never a link in the middle.
const FIND_HOLDS = `
  SELECT lane, min(sequence) AS sequence, id FROM audit
  WHERE number < ?1 AND (outcome = 'pending' OR hash IS NULL) GROUP BY lane`

const holds = z.array(z.object({ lane: z.string(), sequence: z.number(), id: z.string() }))

/** What is closed and older than a time. */
export async function findRemovable(db: D1Database, before: number): Promise<Removable> {
  const end = await ask(
    db,
    query(statement(FIND_END, before), (rows) => numbers.parse(rows)[0].number),
  )
  const found = query(statement(FIND_HOLDS, end), (rows) => holds.parse(rows))
  return { end, holds: await ask(db, found) }
}

/** How many records are older than a time. */
export function countBefore(db: D1Database, before: number): Promise<number> {
  const count = statement('SELECT count(*) AS number FROM audit WHERE at < ?1', before)
  return ask(
    db,
    query(count, (rows) => numbers.parse(rows)[0].number),
  )
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
  await batch(db, [
    statement(MOVE_CHECKPOINTS, JSON.stringify(checkpoints)),
    statement('DELETE FROM audit_values WHERE id IN (SELECT value FROM json_each(?1))', ids),
    statement('DELETE FROM audit WHERE number IN (SELECT value FROM json_each(?1))', numbers),
  ])
}

const EXPIRE = `
  DELETE FROM idempotency_keys WHERE (key_id, key_digest) IN
    (SELECT key_id, key_digest FROM idempotency_keys WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)`

/** Forgets idempotency keys whose time is over, so many at most, and says how many. */
export const expireIdempotencyKeys = (db: D1Database, now: number, most: number): Promise<number> =>
  execute(db, statement(EXPIRE, now, most))
