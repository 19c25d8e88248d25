import * as z from 'zod'
import type { Call } from '../call.ts'
import type { Answer } from '../envelope.ts'
import { ApiError } from '../errors.ts'
import { describe } from './describe-bucket.ts'

const listQuery = z.object({
  per_page: z.coerce.number().int().min(1).max(1000).default(20),
  order: z.literal('name').optional(),
  direction: z.enum(['asc', 'desc']).default('asc'),
  name_contains: z.string().default(''),
  start_after: z.string().optional(),
  cursor: z.string().optional(),
})

export function listBuckets(call: Call): Answer {
  const { per_page, direction, name_contains, start_after, cursor } = call.query(listQuery)
  const found = call.services.store.buckets.page({
    jurisdiction: call.jurisdiction,
    direction,
    after: cursor === undefined ? start_after : readCursor(cursor),
    contains: name_contains,
    limit: per_page + 1, // one more than asked tells whether there is a next page
  })
  const buckets = found.slice(0, per_page)
  const last = buckets.at(-1)
  const hasMore = found.length > per_page && last !== undefined
  return {
    result: { buckets: buckets.map(describe) },
    resultInfo: { ...(hasMore && { cursor: writeCursor(last.name) }), per_page },
  }
}

/** Cloudflare's own form, seen in the official description; clients must not look inside. */
const cursorContent = z.object({ v: z.literal(1), startAfter: z.string() })

function writeCursor(startAfter: string): string {
  return `1-${btoa(encodeURIComponent(JSON.stringify({ v: 1, startAfter })))}`
}

function readCursor(cursor: string): string {
  try {
    if (!cursor.startsWith('1-')) throw new Error('not one of ours')
    return cursorContent.parse(JSON.parse(decodeURIComponent(atob(cursor.slice(2))))).startAfter
  } catch {
    throw new ApiError('invalid_parameter', { pointer: '/cursor' })
  }
}
