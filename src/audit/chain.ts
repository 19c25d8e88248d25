import { canonicalJson, sha256 } from '../encoding/canonical-json.ts'
import { asWritten } from './format-1.ts'
import type { AuditRecord } from './record.ts'

/** Before the first record of a lane. */
export const CHAIN_START = '0'.repeat(64)

/** SHA-256, hex, over everything that a record says but its own hash; the hash of the one before is part of it. */
export function hashOf(record: AuditRecord): Promise<string> {
  const { hash: _, ...said } = record.format === 1 ? asWritten(record) : record
  return sha256(canonicalJson(said))
}
