import { toCsv } from '../../audit/csv.ts'
import type { Rendered } from '../../audit/render.ts'
import type { Operation } from '../../routes/operation.ts'
import type { AppContext } from '../context.ts'
import { headersOf } from '../headers.ts'
import { preferredType } from '../media-type.ts'

/** A page of records, as the audit trail answers. */
interface RecordPage {
  readonly records: readonly Rendered[]
  readonly nextCursor: string | null
}

interface Format {
  readonly contentType: string
  write(page: RecordPage): string | Promise<string>
}

const JSON_FORMAT: Format = { contentType: 'application/json', write: (page) => JSON.stringify(page) }

/** The other forms that a page of records comes in, by the media type that asks for it. */
const FORMATS: Readonly<Record<string, Format>> = {
  'text/csv': {
    contentType: 'text/csv; charset=utf-8; header=present',
    write: ({ records }) => toCsv(records),
  },
  'application/x-ndjson': {
    contentType: 'application/x-ndjson',
    write: ({ records }) => records.map((record) => `${JSON.stringify(record)}\n`).join(''),
  },
}

/** Answers in the form that the caller wants most; where the next page begins is in a header too. */
export async function inFormat(
  offered: NonNullable<Operation['formats']>,
  context: AppContext,
  result: unknown,
): Promise<Response> {
  const page = result as RecordPage
  const type = preferredType(context, ['application/json', ...Object.keys(offered)])
  const { contentType, write } = FORMATS[type] ?? JSON_FORMAT
  const headers = {
    ...headersOf(context.get('requestId')),
    'content-type': contentType,
    vary: 'accept',
    ...(page.nextCursor !== null && { link: linkToNext(context, page.nextCursor) }),
  }
  return new Response(await write(page), { headers })
}

/** RFC 8288: the same question, from where this page ends. */
function linkToNext({ req }: AppContext, cursor: string): string {
  const { pathname, searchParams } = new URL(req.url)
  searchParams.set('cursor', cursor)
  return `<${pathname}?${searchParams}>; rel="next"`
}
