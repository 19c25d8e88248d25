import { canonicalJson, sha256 } from '../encoding/canonical-json.ts'
import type { AuditRecord } from './record.ts'

/** Before the first record of a lane. */
export const CHAIN_START = '0'.repeat(64)

/** SHA-256, hex, over everything that a record says but its own hash; the hash of the one before is part of it. */
export function hashOf({ hash: _, ...said }: AuditRecord): Promise<string> {
  return sha256(canonicalJson(said))
}
