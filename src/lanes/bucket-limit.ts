import { ApiError } from '../errors.ts'
import type { Facts } from '../policy/decide.ts'
import { operationNamed } from '../routes/index.ts'
import { findSlots, listSlots, releaseSlot, type Slot, type SlotsInUse } from '../store/bucket-slots.ts'
import { upstreamCall } from '../upstream/call.ts'
import { jurisdictionHeader, type Upstream } from '../upstream/client.ts'
import { askStore } from './ask-store.ts'

/** How often a team that has all its buckets is looked after for some that went past the warden. */
const LOOK_EVERY_MS = 60_000
/** As many as a Worker may ask for in one go, with some left for the change itself. */
const MOST_LOOKED_AT = 40

const getBucket = upstreamCall(operationNamed('buckets.get') ?? fail())

/** Holds a team to the number of buckets that it may have. One for each lane, which counts and takes in one turn. */
export class Quota {
  #lookedAt = 0

  /** Why a bucket more is too many; `null` when it isn't. */
  async refusal(
    db: D1Database,
    { team, limit }: { team: string; limit: number },
    facts: Facts,
    upstream: Upstream,
  ): Promise<ApiError | null> {
    const place = { jurisdiction: facts.jurisdiction, bucket: facts.bucket ?? '' }
    const isFull = ({ used, isHeld }: SlotsInUse) => !isHeld && used >= limit
    const found = await askStore(findSlots(db, team, place))
    if (!isFull(found)) return null
    const left = (await this.#look(db, team, upstream)) ? await askStore(findSlots(db, team, place)) : found
    if (!isFull(left)) return null
    const { used } = left
    const message = `Team ${team} has ${used} of the ${limit} buckets that its limit allows.`
    return new ApiError('quota_exceeded', message, { members: { limit, used } })
  }

  /** Frees the slots of buckets that were deleted past the warden. Says whether there were any. */
  async #look(db: D1Database, team: string, upstream: Upstream): Promise<boolean> {
    const now = Date.now()
    if (now - this.#lookedAt < LOOK_EVERY_MS) return false
    this.#lookedAt = now
    const slots = await askStore(listSlots(db, team, MOST_LOOKED_AT))
    const isGone = await Promise.all(slots.map((slot) => isVanished(slot, upstream)))
    const gone = slots.filter((_, index) => isGone[index])
    if (gone.length > 0) await askStore(db.batch(gone.map(({ auditId }) => releaseSlot(db, auditId))))
    return gone.length > 0
  }
}

/** Only a plain "not there" counts: a slot is never freed because Cloudflare could not be asked. */
async function isVanished({ jurisdiction, bucket }: Slot, upstream: Upstream): Promise<boolean> {
  try {
    await upstream.call(getBucket({ params: { bucket }, headers: jurisdictionHeader(jurisdiction) }))
    return false
  } catch (error) {
    return error instanceof ApiError && error.code === 'bucket_not_found'
  }
}

function fail(): never {
  throw new TypeError('no operation reads a bucket')
}
