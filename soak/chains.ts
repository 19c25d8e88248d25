import { CHAIN_START, hashOf } from '../src/audit/chain.ts'
import type { AuditRecord } from '../src/audit/record.ts'
import { sha256 } from '../src/encoding/canonical-json.ts'
import type { Discrepancy } from './compare.ts'
import type { Trail, Value } from './trail.ts'

/** Every record of a lane must lead to the one before it, and be what its hash says; so must what is kept beside it. */
export async function checkChains({
  records,
  values,
}: Pick<Trail, 'records' | 'values'>): Promise<Discrepancy[]> {
  const kept = Map.groupBy(values, ({ id }) => id)
  const lanes = [...Map.groupBy(records, ({ lane }) => lane).values()]
  const found = await Promise.all([
    ...lanes.map(checkLane),
    ...records.map((record) => checkValues(record, kept.get(record.id) ?? [])),
  ])
  return found.flat()
}

async function checkLane(records: readonly AuditRecord[]): Promise<Discrepancy[]> {
  const found: Discrepancy[] = []
  let before: Pick<AuditRecord, 'sequence' | 'hash'> = { sequence: 0, hash: CHAIN_START }
  for (const record of [...records].sort((one, other) => one.sequence - other.sequence)) {
    const { id, lane, sequence, previousHash, hash } = record
    const problems = [
      sequence !== before.sequence + 1 && `follows ${before.sequence}`,
      previousHash !== before.hash && 'does not lead to the one before',
      hash !== (await hashOf(record)) && 'is not what its hash says',
    ].filter((problem) => problem !== false)
    if (problems.length > 0)
      found.push({
        kind: 'broken chain',
        what: `${lane}: record ${sequence} (${id}) ${problems.join(' and ')}`,
      })
    before = record
  }
  return found
}

async function checkValues(record: AuditRecord, values: readonly Value[]): Promise<Discrepancy[]> {
  const digests = { body: record.bodyDigest, before: record.beforeDigest, after: record.afterDigest }
  const found = Object.entries(digests).map(async ([part, digest]): Promise<Discrepancy[]> => {
    const value = values.find((one) => one.part === part)?.value
    if ((value === undefined ? null : await sha256(value)) === digest) return []
    return [{ kind: 'altered value', what: `record ${record.id}: ${part} is not what its digest says` }]
  })
  return (await Promise.all(found)).flat()
}
