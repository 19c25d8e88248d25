/** The buckets that count towards a team's limit: those that it created and nobody has deleted. */

interface Place {
  readonly jurisdiction: string
  readonly bucket: string
}

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
  { jurisdiction, bucket }: Place,
): Promise<SlotsInUse> {
  const row = await db.prepare(COUNT).bind(team, jurisdiction, bucket).first<{ used: number; held: number }>()
  return { used: row?.used ?? 0, isHeld: row?.held === 1 }
}

/** Takes a slot for a creation; a bucket that has one keeps it. */
export function takeSlot(
  db: D1Database,
  team: string,
  { jurisdiction, bucket }: Place,
  auditId: string,
): D1PreparedStatement {
  const query = `INSERT INTO bucket_slots (jurisdiction, bucket, team, audit_id) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT DO NOTHING`
  return db.prepare(query).bind(jurisdiction, bucket, team, auditId)
}

/** Gives the slot of a creation back that came to nothing. */
export function releaseSlot(db: D1Database, auditId: string): D1PreparedStatement {
  return db.prepare('DELETE FROM bucket_slots WHERE audit_id = ?1').bind(auditId)
}

/** A bucket that was created is its creator's alone: whoever had one of that name before has it no longer. */
export function keepSlot(db: D1Database, team: string, { jurisdiction, bucket }: Place): D1PreparedStatement {
  const query = 'DELETE FROM bucket_slots WHERE jurisdiction = ?1 AND bucket = ?2 AND team <> ?3'
  return db.prepare(query).bind(jurisdiction, bucket, team)
}

/** Frees the slot of a bucket that is gone, whoever created it. */
export function freeSlot(db: D1Database, { jurisdiction, bucket }: Place): D1PreparedStatement {
  const query = 'DELETE FROM bucket_slots WHERE jurisdiction = ?1 AND bucket = ?2'
  return db.prepare(query).bind(jurisdiction, bucket)
}

export interface Slot extends Place {
  readonly auditId: string
}

/** Some of a team's slots, drawn at random, so that each has its turn. */
export async function listSlots(db: D1Database, team: string, limit: number): Promise<Slot[]> {
  const query = `SELECT jurisdiction, bucket, audit_id AS auditId FROM bucket_slots WHERE team = ?1
    ORDER BY random() LIMIT ?2`
  const { results } = await db.prepare(query).bind(team, limit).all<Slot>()
  return results
}
