import { CHAIN_START, hashOf } from '../../src/audit/chain.ts'
import { type AuditRecord, PARTS, type Values } from '../../src/audit/record.ts'
import type { Link } from '../../src/audit/verify.ts'
import { sha256 } from '../../src/encoding/canonical-json.ts'
import { aboutOf, usual } from './usual.ts'

/** The tools of the audit tests: trails as lanes write them. */

/** What a test says of a record; the rest is as it usually is. */
export type Said = Partial<AuditRecord> & { readonly values?: Values }

/** A record and what it keeps, as they go into the store. */
export interface Written {
  readonly record: AuditRecord
  readonly values: Values
}

const CORS = '{"rules":[{"allowed":{"methods":["GET"],"origins":["https://a.example.com"]}}]}'
const INTENT: Values = { body: CORS, before: '{"rules":[]}' }

/** One lane, chained from its first record on. */
export async function writeLane(lane: string, records: readonly Said[]): Promise<Written[]> {
  const written: Written[] = []
  for (const [index, { values, ...said }] of records.entries()) {
    const sequence = index + 1
    const kept = values ?? (said.outcome === 'pending' ? INTENT : { ...INTENT, after: CORS })
    const draft: AuditRecord = {
      ...usual,
      ...aboutOf(said),
      id: `${lane}#${sequence}`,
      at: sequence * 1000,
      ...said,
      ...(await digestsOf(kept)),
      lane,
      sequence,
      previousHash: written.at(-1)?.record.hash ?? CHAIN_START,
      hash: null,
    }
    const hash = draft.outcome === 'pending' ? null : await hashOf(draft)
    written.push({ record: { ...draft, hash }, values: kept })
  }
  return written
}

/** So many usual records. */
export const writeUsual = (lane: string, count: number) =>
  writeLane(
    lane,
    Array.from({ length: count }, () => ({})),
  )

async function digestsOf(values: Values) {
  const [bodyDigest = null, beforeDigest = null, afterDigest = null] = await Promise.all(
    PARTS.map(async (part) => (values[part] === undefined ? null : await sha256(values[part]))),
  )
  return { bodyDigest, beforeDigest, afterDigest }
}

/** A lane as it is read back, when nothing else was written between its records. */
export function readBack(written: readonly Written[]): Link[] {
  return written.map(({ record, values }) => ({ row: { number: record.sequence, ...record }, values }))
}
