import { scan, startOf } from '../audit/verify.ts'
import type { Env } from '../env.ts'
import { log } from '../log.ts'
import { retentionDays } from '../settings.ts'
import type { PageLink } from '../store/audit-pages.ts'
import {
  countBefore,
  expireIdempotencyKeys,
  findOldest,
  findRemovable,
  type LaneCheckpoint,
  removeRecords,
} from '../store/audit-retention.ts'
import { exportRecords } from './export.ts'

const DAY_MS = 86_400_000

/** What one run does at most; the next goes on where it stopped. A batch is an object in the bucket. */
const MOST = { batches: 20, records: 500, bytes: 4 << 20, expiredKeys: 10_000 }

export interface Retained {
  /** Records that were exported and then removed. */
  readonly removed: number
  /** Objects that were written to the bucket. */
  readonly objects: number
  /** Idempotency keys that were forgotten. */
  readonly expiredKeys: number
}

type RetentionEnv = Pick<Env, 'DB' | 'AUDIT_EXPORT' | 'AUDIT_RETENTION_DAYS'>

/** Moves what is past retention from the store to the bucket. Nothing is removed that was not exported. */
export async function retain(env: RetentionEnv, now: number, most = MOST): Promise<Retained> {
  const expiredKeys = await expireIdempotencyKeys(env.DB, now, most.expiredKeys)
  const retained = { ...(await moveOldRecords(env, now, most)), expiredKeys }
  log('info', 'audit retention', { ...retained })
  return retained
}

async function moveOldRecords(
  env: RetentionEnv,
  now: number,
  most: typeof MOST,
): Promise<Omit<Retained, 'expiredKeys'>> {
  const { DB, AUDIT_EXPORT: bucket } = env
  const moved = { removed: 0, objects: 0 }
  const days = retentionDays.safeParse(env.AUDIT_RETENTION_DAYS)
  if (!days.success) {
    log('error', 'audit retention is not set', { problem: 'AUDIT_RETENTION_DAYS is not valid' })
    return moved
  }
  const cutoff = now - days.data * DAY_MS
  if (!bucket) {
    const records = await countBefore(DB, cutoff)
    if (records > 0) log('warn', 'audit records are past retention, and no bucket is bound', { records })
    return moved
  }
  const removable = await findRemovable(DB, cutoff)
  for (const { lane, id } of removable.holds)
    log('warn', 'an open audit record is past retention, and keeps what follows it in its lane', { lane, id })
  while (moved.objects < most.batches) {
    const links = await findOldest(DB, removable, most)
    if (links.length === 0 || !(await tryExport(bucket, links))) break
    await removeRecords(DB, links, await followChains(links))
    moved.removed += links.length
    moved.objects += 1
  }
  return moved
}

async function tryExport(bucket: R2Bucket, links: readonly PageLink[]): Promise<boolean> {
  try {
    await exportRecords(bucket, links)
    return true
  } catch (error) {
    log('error', 'audit export failed', { error: String(error), records: links.length })
    return false
  }
}

/**
 * The last record of each lane. A chain that is broken here could not be seen to be once these records are gone,
 * so it is said now; the export has them as they were found.
 */
async function followChains(links: readonly PageLink[]): Promise<LaneCheckpoint[]> {
  const lanes = Map.groupBy(links, ({ row }) => row.lane)
  return Promise.all(
    [...lanes].map(async ([lane, own]) => {
      const { fault } = await scan(own, startOf(own[0]?.checkpoint ?? null))
      if (fault) {
        const { id, sequence } = fault.row
        log('error', 'audit chain is broken', { lane, sequence, id, problem: fault.problem })
      }
      const last = own.reduce((one, other) => (other.row.sequence > one.row.sequence ? other : one))
      return { lane, sequence: last.row.sequence, hash: last.row.hash ?? '' }
    }),
  )
}
