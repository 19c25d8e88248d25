import type { violationsOf } from '../policy/explain.ts'

/** A value that a guardrail in mode `warn` let pass. */
export type Warning = ReturnType<typeof violationsOf>[number]

/** What is told of an answer beside the answer itself. */
export interface ResponseMeta {
  /** Violations of guardrails that only warn. */
  readonly warnings?: readonly Warning[]
  /** Of the configuration that is there now; without one, there is none, or it is not known. */
  readonly entityTag?: string | null
  /** Whether it is the answer of an earlier request with the same idempotency key. */
  readonly replayed?: boolean
}

/** On every answer, in every dialect. */
export function headersOf(
  requestId: string,
  { warnings = [], entityTag = null, replayed = false }: ResponseMeta = {},
): Record<string, string> {
  const headers: Record<string, string> = {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
  }
  if (entityTag !== null) {
    headers.etag = entityTag
    headers['cache-control'] = 'no-store, no-transform' // compressed on its way, a strong tag would become a weak one
  }
  if (warnings.length > 0) headers[WARNINGS_HEADER] = headerJson(warnings)
  if (replayed) headers[REPLAYED_HEADER] = 'true'
  return headers
}

/** Marks an answer that was given before, to an earlier request with the same idempotency key. */
export const REPLAYED_HEADER = 'idempotency-replayed'

/** What guardrails in mode `warn` found: a JSON array in ASCII, at most as long as a header may well be. */
export const WARNINGS_HEADER = 'x-warden-warnings'
const MAX_HEADER_LENGTH = 4096

export function headerJson(warnings: readonly Warning[]): string {
  const full = asciiJson(warnings)
  if (full.length <= MAX_HEADER_LENGTH) return full
  const brief = warnings.map(({ guardrail, pointer, message }) => ({
    guardrail,
    pointer,
    message: message.slice(0, 200),
  }))
  while (asciiJson(brief).length > MAX_HEADER_LENGTH) brief.pop()
  return asciiJson(brief)
}

function asciiJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[^\x20-\x7e]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
