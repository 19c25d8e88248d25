import * as z from 'zod'
import { type AuditRecord, auditRecord, PARTS, type Part, type Values } from '../audit/record.ts'
import type { Checkpoint } from '../audit/verify.ts'
import { ask } from './d1.ts'
import { query, queryOne, type Statement, statement } from './statement.ts'

/** The columns of `audit` under their names in a record. */
const COLUMNS = {
  id: 'id',
  format: 'format',
  lane: 'lane',
  sequence: 'sequence',
  at: 'at',
  team: 'team',
  keyId: 'key_id',
  keyName: 'key_name',
  dialect: 'dialect',
  operation: 'operation',
  subject: 'subject',
  jurisdiction: 'jurisdiction',
  bucket: 'bucket',
  params: 'params',
  decision: 'decision',
  rule: 'rule',
  policyVersion: 'policy_version',
  warnings: 'warnings',
  clientAddress: 'client_address',
  reverts: 'reverts',
  bodyDigest: 'body_digest',
  beforeDigest: 'before_digest',
  afterDigest: 'after_digest',
  outcome: 'outcome',
  reconciled: 'reconciled',
  code: 'code',
  upstreamStatus: 'upstream_status',
  cfRay: 'cf_ray',
  durationMs: 'duration_ms',
  previousHash: 'previous_hash',
  hash: 'hash',
} as const satisfies Record<keyof AuditRecord, string>

const NAMES = Object.keys(COLUMNS) as (keyof AuditRecord)[]

/** What a SELECT of records names: every column, under the name that it has in a record. */
export const RECORD_COLUMNS = NAMES.map((name) => `${COLUMNS[name]} AS ${name}`).join(', ')

const INSERT = `INSERT INTO audit (${NAMES.map((name) => COLUMNS[name]).join(', ')})
  VALUES (${NAMES.map((_, index) => `?${index + 1}`).join(', ')})`

/** Adds a record with its values. */
export function insertRecord(record: AuditRecord, values: Values): Statement[] {
  return [
    statement(INSERT, ...NAMES.map((name) => record[name])),
    ...PARTS.flatMap((part) => {
      const value = values[part]
      return value === undefined ? [] : [insertValue(record.id, part, value)]
    }),
  ]
}

const insertValue = (id: string, part: Part, value: string): Statement =>
  statement('INSERT INTO audit_values (id, part, value) VALUES (?1, ?2, ?3)', id, part, value)

/** Whether a batch failed because another lane has a change of the same bucket pending. */
export const isHeldElsewhere = (error: unknown) =>
  /UNIQUE constraint failed: audit\.subject/.test(String(error))

/** What is only known when a change has ended. */
const ENDING = [
  'outcome',
  'reconciled',
  'code',
  'upstreamStatus',
  'cfRay',
  'durationMs',
  'afterDigest',
  'hash',
] as const satisfies readonly (keyof AuditRecord)[]

const CLOSE = `UPDATE audit SET ${ENDING.map((name, index) => `${COLUMNS[name]} = ?${index + 2}`).join(', ')}
  WHERE id = ?1 AND outcome = 'pending'`

/** Closes a pending record; a closed one stays as it is. */
export function closeRecord(record: AuditRecord, after?: string): Statement[] {
  return [
    statement(CLOSE, record.id, ...ENDING.map((name) => record[name])),
    ...(after === undefined ? [] : [insertValue(record.id, 'after', after)]),
  ]
}

const asRecord = (row: unknown) => auditRecord.parse(row)

/** Reads one record by its id. */
export const findRecord = (db: D1Database, id: string): Promise<AuditRecord | null> =>
  ask(db, queryOne(statement(`SELECT ${RECORD_COLUMNS} FROM audit WHERE id = ?1`, id), asRecord))

/** How a record ended, as far as the store has it. */
const ending = auditRecord.pick({ outcome: true, reconciled: true, code: true, hash: true })
export type Ending = z.output<typeof ending>

/** Reads how a record ended; `null` when there is no such record. */
export function findEnding(db: D1Database, id: string): Promise<Ending | null> {
  const asked = statement('SELECT outcome, reconciled, code, hash FROM audit WHERE id = ?1', id)
  return ask(
    db,
    queryOne(asked, (row) => ending.parse(row)),
  )
}

/** Reads the newest record of a lane. */
export function findLast(db: D1Database, lane: string): Promise<AuditRecord | null> {
  const last = `SELECT ${RECORD_COLUMNS} FROM audit WHERE lane = ?1 ORDER BY sequence DESC LIMIT 1`
  return ask(db, queryOne(statement(last, lane), asRecord))
}

const checkpoint = z.object({ sequence: z.number(), hash: z.string() })

/** Where the chain of a lane begins whose oldest records retention has removed. */
export function findCheckpoint(db: D1Database, lane: string): Promise<Checkpoint | null> {
  const asked = statement('SELECT sequence, hash FROM audit_checkpoints WHERE lane = ?1', lane)
  return ask(
    db,
    queryOne(asked, (row) => checkpoint.parse(row)),
  )
}

const values = z.array(z.object({ part: z.enum(PARTS), value: z.string() }))

/** Reads what a record keeps beside its row. */
export function findValues(db: D1Database, id: string): Promise<Values> {
  const asked = statement('SELECT part, value FROM audit_values WHERE id = ?1', id)
  return ask(
    db,
    query(asked, (rows) => Object.fromEntries(values.parse(rows).map(({ part, value }) => [part, value]))),
  )
}

const lanes = z.array(z.object({ lane: z.string() }))

/** The lanes in which something has been pending since before a time; the oldest first. */
export function findPendingLanes(db: D1Database, before: number): Promise<string[]> {
  const pending = `SELECT lane FROM audit WHERE outcome = 'pending' AND at < ?1 ORDER BY at LIMIT 100`
  return ask(
    db,
    query(statement(pending, before), (rows) => lanes.parse(rows).map(({ lane }) => lane)),
  )
}
