import * as z from 'zod'
import { ApiError } from '../../errors.ts'
import { literalPrefix, longestLiteral, matches } from '../../policy/match.ts'
import type { Upstream, UpstreamHeaders } from '../../upstream/client.ts'
import { predecessor, successor } from './name-order.ts'

/** Where to look, and from where. */
export interface Scan {
  readonly upstream: Upstream
  /** Which jurisdiction, as upstream is told. */
  readonly headers: UpstreamHeaders
  readonly direction: 'asc' | 'desc'
  /** Only what comes after this name, in the scan's direction. */
  readonly after: string | null
  readonly nameContains: string
  readonly pageSize: number
}

const named = z.looseObject({ name: z.string() })
export type Named = z.output<typeof named>
const listResult = z.object({ buckets: z.array(named) })
const resultInfo = z.looseObject({ cursor: z.string().optional() })

/** As many as a Worker may have open at once (developers.cloudflare.com/workers/platform/limits). */
const LOOK_UPS_AT_ONCE = 6

/** Those of the names, given in order, that exist: one look-up each, a few at once, as they are asked for. */
export async function* lookUpNames(names: readonly string[], scan: Scan): AsyncGenerator<Named> {
  for (let at = 0; at < names.length; at += LOOK_UPS_AT_ONCE) {
    const batch = names.slice(at, at + LOOK_UPS_AT_ONCE)
    for (const bucket of await Promise.all(batch.map((name) => lookUp(name, scan)))) if (bucket) yield bucket
  }
}

async function lookUp(name: string, { upstream, headers }: Scan): Promise<Named | null> {
  try {
    const { result } = await upstream.call({ method: 'GET', path: ['r2', 'buckets', name], headers })
    return parse(named, result)
  } catch (error) {
    if (error instanceof ApiError && error.code === 'bucket_not_found') return null
    throw error
  }
}

/**
 * The buckets under a glob, in order. Upstream is asked from where the glob's prefix begins, and no
 * further than the first name past it; what else the glob says narrows by `name_contains`.
 */
export async function* scanGlob(glob: string, scan: Scan): AsyncGenerator<Named> {
  const { upstream, headers, direction } = scan
  const prefix = literalPrefix(glob)
  if (isPastPrefix(prefix, scan)) return
  const rest = glob.slice(prefix.length)
  const contains = [longestLiteral(rest), scan.nameContains].reduce((a, b) => (b.length > a.length ? b : a))
  const query = {
    per_page: String(scan.pageSize),
    order: 'name',
    direction,
    ...(contains !== '' && { name_contains: contains }),
  }
  const start = startAfter(prefix, scan)
  let from: Record<string, string> = start === null ? {} : { start_after: start }
  for (;;) {
    const call = {
      method: 'GET',
      path: ['r2', 'buckets'],
      query: { ...query, ...from },
      headers,
    } as const
    const { result, result_info } = await upstream.call(call)
    for (const bucket of parse(listResult, result).buckets) {
      if (!bucket.name.startsWith(prefix)) return
      if (matches(glob, bucket.name)) yield bucket
    }
    const { cursor } = parse(resultInfo, result_info ?? {})
    if (!cursor) return
    if (cursor === from.cursor) throw unusable() // a cursor that doesn't move would never end
    from = { cursor }
  }
}

function isPastPrefix(prefix: string, { after, direction }: Scan): boolean {
  if (after === null || after.startsWith(prefix)) return false
  return direction === 'asc' ? after > prefix : after < prefix
}

/** The place just before the first name of a scan; `null` for the very beginning. */
function startAfter(prefix: string, { direction, after }: Scan): string | null {
  const edge = direction === 'asc' ? predecessor(prefix) : successor(prefix)
  if (after === null || edge === null) return after ?? edge
  const isFurther = direction === 'asc' ? after > edge : after < edge
  return isFurther ? after : edge
}

function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw unusable()
  return parsed.data
}

function unusable(): ApiError {
  return new ApiError('upstream_error', 'Cloudflare gave an answer of another shape.')
}
