import { toCsv } from '../../audit/csv.ts'
import { encodeCursor } from '../../audit/cursor.ts'
import { type Rendered, render } from '../../audit/render.ts'
import { headersOf } from '../../dialects/headers.ts'
import { preferredType } from '../../dialects/media-type.ts'
import type { AppContext } from '../../gateway/context.ts'
import type { Principal } from '../../identity/authenticate.ts'
import { type Filters, listRecords, type Position } from '../../store/audit-listing.ts'
import { answerInTime } from '../../store/timeout.ts'
import { viewOf } from './visibility.ts'

const LISTING_TIMEOUT_MS = 10_000

export interface Listing extends Filters {
  readonly perPage: number
  readonly cursor?: Position
}

/** Answers with a page of the records that the caller may see, in the form that they want. */
export async function listAudit(
  context: AppContext,
  principal: Principal,
  { perPage, cursor, ...filters }: Listing,
): Promise<Response> {
  const view = viewOf(principal, 'warden.audit.list')
  if (view.team !== null && (filters.team ?? view.team) !== view.team) throw view.end()
  const asked = listRecords(context.env.DB, {
    filters: view.team === null ? filters : { ...filters, team: view.team },
    reach: view.reach,
    after: cursor ?? null,
    limit: perPage + 1, // one more tells whether there is another page
  })
  const found = await answerInTime(asked, LISTING_TIMEOUT_MS, UNREACHABLE)
  const [page, last] = [found.slice(0, perPage), found[perPage - 1]]
  const nextCursor = found.length > perPage && last ? encodeCursor(last) : null

  const type = preferredType(context, ['application/json', 'text/csv', 'application/x-ndjson'])
  const { contentType, write } = FORMS[type]
  const headers = {
    ...headersOf(context.get('requestId')),
    'content-type': contentType,
    vary: 'accept',
    ...(nextCursor !== null && { link: linkToNext(context, nextCursor) }),
  }
  return new Response(await write(page.map(render), nextCursor), { headers })
}

export const UNREACHABLE = 'The audit trail cannot be reached. Try again shortly.'

interface Form {
  readonly contentType: string
  readonly write: (records: readonly Rendered[], nextCursor: string | null) => string | Promise<string>
}

const FORMS: Readonly<Record<'application/json' | 'text/csv' | 'application/x-ndjson', Form>> = {
  'application/json': {
    contentType: 'application/json',
    write: (records, nextCursor) => JSON.stringify({ records, nextCursor }),
  },
  'text/csv': { contentType: 'text/csv; charset=utf-8; header=present', write: toCsv },
  'application/x-ndjson': {
    contentType: 'application/x-ndjson',
    write: (records) => records.map((record) => `${JSON.stringify(record)}\n`).join(''),
  },
}

/** RFC 8288: the same question, from where this page ends. */
function linkToNext({ req }: AppContext, cursor: string): string {
  const { pathname, searchParams } = new URL(req.url)
  searchParams.set('cursor', cursor)
  return `<${pathname}?${searchParams}>; rel="next"`
}
