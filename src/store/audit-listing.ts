import * as z from 'zod'
import type { Position } from '../audit/cursor.ts'
import { type AuditRecord, auditRecord } from '../audit/record.ts'
import { RECORD_COLUMNS } from './audit.ts'
import { all, type Condition, condition } from './condition.ts'
import { ask } from './d1.ts'
import { namesIn } from './names-in.ts'
import { type Query, query, statement } from './statement.ts'

/** What a record must be to be listed. */
export interface Filters
  extends Readonly<Partial<Pick<AuditRecord, 'team' | 'operation' | 'subject' | 'decision' | 'outcome'>>> {
  readonly bucket?: string
  readonly jurisdiction?: string
  readonly principal?: string
  /** Unix time, ms: from then on. */
  readonly since?: number
  /** Unix time, ms: before then. */
  readonly until?: number
}

/** Some buckets in some jurisdictions, as names and globs; `*` is all of them. */
export interface Reach {
  readonly buckets: readonly string[]
  readonly jurisdictions: readonly string[]
}

export type Listed = AuditRecord & Position

export interface Slice {
  readonly filters: Filters
  readonly reach: Reach
  /** Only what comes after it; `null` starts with the newest. */
  readonly after: Position | null
  readonly limit: number
}

/** `since` and `until` are instants; every other filter is a value that its column has. */
const EQUAL = {
  team: 'team',
  principal: 'key_id',
  operation: 'operation',
  subject: 'subject',
  bucket: 'bucket',
  jurisdiction: 'jurisdiction',
  decision: 'decision',
  outcome: 'outcome',
} as const satisfies Record<Exclude<keyof Filters, 'since' | 'until'>, string>

const listed = z.array(auditRecord.extend({ number: z.number() }))

/** Reads records, the newest first. */
export const listRecords = (db: D1Database, slice: Slice): Promise<Listed[]> => ask(db, listing(slice))

export function listing({ filters, reach, after, limit }: Slice): Query<Listed[]> {
  const { sql, values } = all([
    ...filtering(filters),
    ...within(reach),
    ...(after === null ? [] : [condition('(at, number) < (?, ?)', after.at, after.number)]),
  ])
  const columns = `number, ${RECORD_COLUMNS}`
  const select = `SELECT ${columns} FROM audit WHERE ${sql} ORDER BY at DESC, number DESC LIMIT ?`
  return query(statement(select, ...values, limit), (rows) => listed.parse(rows))
}

function filtering({ since, until, ...values }: Filters): Condition[] {
  const equal = Object.entries(EQUAL).flatMap(([name, column]) => {
    const value = values[name as keyof typeof EQUAL]
    return value === undefined ? [] : [condition(`${column} = ?`, value)]
  })
  return [
    ...equal,
    ...(since === undefined ? [] : [condition('at >= ?', since)]),
    ...(until === undefined ? [] : [condition('at < ?', until)]),
  ]
}

function within({ buckets, jurisdictions }: Reach): Condition[] {
  return [
    ...(buckets.includes('*') ? [] : [namesIn('bucket', buckets)]),
    ...(jurisdictions.includes('*')
      ? []
      : [condition('jurisdiction IN (SELECT value FROM json_each(?))', JSON.stringify(jurisdictions))]),
  ]
}
