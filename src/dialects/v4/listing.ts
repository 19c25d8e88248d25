import * as z from 'zod'
import { perPage } from '../../routes/per-page.ts'

/** How many buckets a page has that asks for no number: wrangler takes the first page for all there is. */
const USUAL_PER_PAGE = 1000

/** The query of `GET /accounts/{account_id}/r2/buckets`, as Cloudflare describes it. What else stands in it says nothing. */
export const listQuery = z.object({
  per_page: perPage(USUAL_PER_PAGE),
  cursor: z.string().max(512).exactOptional(),
  name_contains: z.string().max(64).exactOptional(),
  start_after: z.string().max(64).exactOptional(),
  order: z.literal('name').exactOptional(),
  direction: z.enum(['asc', 'desc']).default('asc'),
})

/** The same in the words of the operation. An empty text says nothing, as upstream takes it. */
export function toListing({
  per_page,
  cursor,
  name_contains,
  start_after,
  direction,
}: z.output<typeof listQuery>) {
  return {
    perPage: per_page,
    direction,
    ...(cursor && { cursor }),
    ...(name_contains && { nameContains: name_contains }),
    ...(start_after && { startAfter: start_after }),
  }
}
