import { invalidRequest } from '../../errors.ts'
import type { Policy } from '../../policy/compile.ts'
import { decide } from '../../policy/decide.ts'
import type { Jurisdiction } from '../../policy/document.ts'
import { isGlob } from '../../policy/match.ts'
import { reach } from '../../policy/reach.ts'
import { bucketName } from '../../routes/fields.ts'
import { jurisdictionHeader, type Upstream } from '../../upstream/client.ts'
import type { Handlers } from '../handler.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { lookUpNames, type Named, scanGlob } from './scan.ts'

const LIST = 'buckets.list'

export interface Listing {
  readonly jurisdiction: Jurisdiction
  readonly direction: 'asc' | 'desc'
  readonly perPage: number
  readonly nameContains?: string
  /** Only what comes after this name, in the direction of the listing. A cursor says more. */
  readonly startAfter?: string
  readonly cursor?: string
}

export interface BucketPage {
  readonly buckets: readonly unknown[]
  readonly nextCursor: string | null
}

/** A page of the buckets that the caller may see. */
export const bucketList: Handlers['buckets.list'] = async (
  { query, jurisdiction },
  { policy },
  { upstream },
) => ({
  result: await listBuckets(upstream, policy, { ...query, jurisdiction }),
})

/**
 * One page of the buckets that a principal may see, in name order, without reading anybody else's:
 * each glob of its grants is a scan of the names with that prefix, each exact name a look-up, and
 * all of them are merged. A page ends after the last name it gave, not at a place of upstream's, so a
 * bucket that is created meanwhile moves nothing.
 */
async function listBuckets(upstream: Upstream, policy: Policy, listing: Listing): Promise<BucketPage> {
  const { jurisdiction, direction, perPage, nameContains = '' } = listing
  const after =
    listing.cursor === undefined ? (listing.startAfter ?? null) : readCursor(listing.cursor, listing)
  const compare = direction === 'asc' ? byName : (a: string, b: string) => byName(b, a)
  const isWanted = (name: string) =>
    (after === null || compare(after, name) < 0) &&
    name.includes(nameContains) &&
    decide(policy, { operation: LIST, jurisdiction, bucket: name }).allowed

  const patterns = reach(policy, LIST, jurisdiction)
  const names = patterns.filter((pattern) => canBeName(pattern) && isWanted(pattern)).sort(compare)
  const scan = {
    upstream,
    headers: jurisdictionHeader(jurisdiction),
    direction,
    after,
    nameContains,
    pageSize: Math.min(1000, perPage + 1),
  }
  const scans = [...patterns.filter(isGlob).map((glob) => scanGlob(glob, scan)), lookUpNames(names, scan)]

  const found: Named[] = []
  for await (const bucket of mergeSorted(scans, compare)) {
    if (isWanted(bucket.name)) found.push(bucket)
    if (found.length > perPage) break
  }
  const buckets = found.slice(0, perPage)
  const last = found.length > perPage ? buckets.at(-1) : undefined
  return { buckets, nextCursor: last ? encodeCursor({ jurisdiction, direction, after: last.name }) : null }
}

/** Merges scans that are each in order into one that is, and gives what several of them have once. */
async function* mergeSorted(
  scans: readonly AsyncGenerator<Named>[],
  compare: typeof byName,
): AsyncGenerator<Named> {
  const heads = await Promise.all(scans.map(async (scan) => ({ scan, bucket: await nextOf(scan) })))
  for (;;) {
    const first = heads.reduce<Named | null>(
      (least, { bucket }) => (bucket && (!least || compare(bucket.name, least.name) < 0) ? bucket : least),
      null,
    )
    if (first === null) return
    yield first
    for (const head of heads) if (head.bucket?.name === first.name) head.bucket = await nextOf(head.scan)
  }
}

async function nextOf(scan: AsyncGenerator<Named>): Promise<Named | null> {
  const { done, value } = await scan.next()
  return done ? null : value
}

/** A grant may name what no bucket can be called; upstream would refuse the look-up, and with it the listing. */
const canBeName = (pattern: string) => bucketName.safeParse(pattern).success

/** Byte-wise, as upstream orders names. */
function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function readCursor(text: string, { jurisdiction, direction }: Listing): string {
  const cursor = decodeCursor(text)
  const isOfThis = cursor?.jurisdiction === jurisdiction && cursor.direction === direction
  if (cursor && isOfThis) return cursor.after
  const message = cursor ? 'is of another jurisdiction or direction' : 'is not a cursor of this API'
  throw invalidRequest([{ in: 'query', pointer: '/cursor', message }])
}
