import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { paramsOf } from '../src/audit/params.ts'
import { type AuditRecord, auditRecord } from '../src/audit/record.ts'
import { bucketOf } from '../src/audit/subject.ts'
import { RECORD_COLUMNS } from '../src/store/audit.ts'
import type { Recorded } from './compare.ts'
import { identityOf } from './identity.ts'

/** Far beyond what an alarm takes. */
const PATIENCE_MS = 300_000

const values = z.array(z.object({ id: z.string(), part: z.string(), value: z.string() }))

const slots = z.array(z.object({ jurisdiction: z.string(), bucket: z.string() }))

export type Value = z.output<typeof values>[number]

export interface Trail {
  /** In the order in which they were written. */
  readonly records: readonly AuditRecord[]
  readonly values: readonly Value[]
  /** The buckets that count towards some team's limit, as `<jurisdiction>/<name>`. */
  readonly slots: readonly string[]
}

/** Reads the audit trail from the file behind D1, past the warden. */
export function readTrail(file: string): Trail {
  const sql = open(file)
  try {
    return {
      records: z.array(auditRecord).parse(all(sql, `SELECT ${RECORD_COLUMNS} FROM audit ORDER BY number`)),
      values: values.parse(all(sql, 'SELECT id, part, value FROM audit_values')),
      slots: slots
        .parse(all(sql, 'SELECT jurisdiction, bucket FROM bucket_slots'))
        .map(({ jurisdiction, bucket }) => `${jurisdiction}/${bucket}`),
    }
  } finally {
    sql.close()
  }
}

/** Waits until no record is open any more, or for as long as it can be waited for; tells how long it took. */
export async function untilSettled(file: string): Promise<number> {
  const startedAt = Date.now()
  const soFar = () => Date.now() - startedAt
  const sql = open(file)
  try {
    const query = sql.prepare(`SELECT count(*) AS pending FROM audit WHERE outcome = 'pending'`)
    while (pendingIn.parse(query.get()).pending > 0 && soFar() < PATIENCE_MS) await sleep(100)
    return soFar()
  } finally {
    sql.close()
  }
}

const pendingIn = z.object({ pending: z.number() })

/** The records under the identities that the emulator's log has for them. */
export function recordedOf({ records, values }: Trail): Recorded[] {
  const bodies = new Map(values.filter(({ part }) => part === 'body').map(({ id, value }) => [id, value]))
  return records.flatMap((record) => {
    const { id, at, outcome, operation } = record
    const bucket = bucketOf(record)
    if (!bucket) return []
    const said = `${paramsOf(record).domain} ${bodies.get(id)}`
    const about = { operation, jurisdiction: bucket.jurisdiction, bucket: bucket.name, said }
    return [{ id, at, outcome, identity: identityOf(about) }]
  })
}

/** Whoever else has it open may be at work in it. */
const open = (file: string) => new DatabaseSync(file, { readOnly: true, timeout: 5_000 })

const all = (sql: DatabaseSync, query: string) => sql.prepare(query).all()
