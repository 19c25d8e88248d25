import { env } from 'cloudflare:workers'
import * as z from 'zod'
import { type AuditRecord, auditRecord, type Values } from '../../src/audit/record.ts'
import { findValues, RECORD_COLUMNS } from '../../src/store/audit.ts'

/** The tools of the tests of what the warden writes down: the records, as the store has them. */

const records = z.array(auditRecord)

/** What somebody did, and the records that were written meanwhile, in their order. */
export interface Written<T> {
  readonly result: T
  readonly records: readonly AuditRecord[]
}

export async function writtenBy<T>(work: () => Promise<T>): Promise<Written<T>> {
  const last = await env.DB.prepare('SELECT coalesce(max(number), 0) AS last FROM audit').first<number>(
    'last',
  )
  const result = await work()
  const query = `SELECT ${RECORD_COLUMNS} FROM audit WHERE number > ?1 ORDER BY number`
  const found = await env.DB.prepare(query).bind(last).all()
  return { result, records: records.parse(found.results) }
}

/** What a record keeps beside its row, read as JSON; what isn't there is absent. */
export async function valuesOf({
  id,
}: Pick<AuditRecord, 'id'>): Promise<Partial<Record<keyof Values, unknown>>> {
  const values = await findValues(env.DB, id)
  return Object.fromEntries(Object.entries(values).map(([part, text]) => [part, JSON.parse(text)]))
}

/** The id under which a change is on record. */
export const idOf = (response: Response): string => response.headers.get('x-request-id') ?? ''
