import { ApiError } from '../errors.ts'
import type { BucketRef } from '../policy/names.ts'
import { operationNamed } from '../routes/index.ts'
import {
  findSlots,
  listSlots,
  type Slot,
  type SlotsInUse,
  takeLook,
  vacateSlot,
} from '../store/bucket-slots.ts'
import { batch } from '../store/d1.ts'
import { upstreamCall } from '../upstream/call.ts'
import { jurisdictionHeader, type Upstream } from '../upstream/client.ts'
import { askStore } from './ask-store.ts'

/** How often a team that has all its buckets is looked after for some that went past the warden. */
const LOOK_EVERY_MS = 60_000
/** As many as a Worker may ask for in one go, with some left for the change itself. */
const MOST_LOOKED_AT = 40

const getBucket = upstreamCall(operationNamed('buckets.get') ?? fail())

/** How many buckets a team may have. */
export interface BucketLimit {
  readonly team: string
  readonly limit: number
}

/** Why a bucket more is too many; `null` when it isn't. What is taken is counted once more, as it is taken. */
export async function limitRefusal(
  db: D1Database,
  bound: BucketLimit,
  bucket: BucketRef,
  upstream: Upstream,
): Promise<ApiError | null> {
  const { team, limit } = bound
  const isFull = ({ used, isHeld }: SlotsInUse) => !isHeld && used >= limit
  const found = await askStore(findSlots(db, team, bucket))
  if (!isFull(found)) return null
  const left = (await lookForVanished(db, team, upstream))
    ? await askStore(findSlots(db, team, bucket))
    : found
  return isFull(left) ? limitReached(bound, left.used) : null
}

export function limitReached({ team, limit }: BucketLimit, used: number): ApiError {
  const message = `Team ${team} has ${used} of the ${limit} buckets that its limit allows.`
  return new ApiError('quota_exceeded', message, { members: { limit, used } })
}

/** Frees the slots of buckets that were deleted past the warden. Says whether there were any. */
async function lookForVanished(db: D1Database, team: string, upstream: Upstream): Promise<boolean> {
  if (!(await askStore(takeLook(db, team, Date.now(), LOOK_EVERY_MS)))) return false
  const slots = await askStore(listSlots(db, team, MOST_LOOKED_AT))
  const isGone = await Promise.all(slots.map((slot) => isVanished(slot, upstream)))
  const gone = slots.filter((_, index) => isGone[index])
  if (gone.length > 0) await askStore(batch(db, gone.map(vacateSlot)))
  return gone.length > 0
}

/** Only a plain "not there" counts: a slot is never freed because Cloudflare could not be asked. */
async function isVanished({ jurisdiction, name }: Slot, upstream: Upstream): Promise<boolean> {
  try {
    await upstream.call(getBucket({ params: { bucket: name }, headers: jurisdictionHeader(jurisdiction) }))
    return false
  } catch (error) {
    return error instanceof ApiError && error.code === 'bucket_not_found'
  }
}

function fail(): never {
  throw new TypeError('no operation reads a bucket')
}
