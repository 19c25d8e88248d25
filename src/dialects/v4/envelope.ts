import type { ApiError, ErrorCode } from '../../errors.ts'
import type { Answered } from '../dialect.ts'
import { headersOf, type Told } from '../headers.ts'

/**
 * The warden's errors as codes of Cloudflare's. Never 10000 or 9106 (wrangler takes them for a bad login, and
 * asks who it is), and the code of a denial is never one that a client takes for "not there".
 */
const CODES: Readonly<Partial<Record<ErrorCode, number>>> = {
  unauthenticated: 10001,
  forbidden: 10003,
  denied: 10003,
  guardrail_violation: 10003,
  quota_exceeded: 10003,
  not_offered: 10003,
  invalid_path: 10005,
  malformed_json: 10040,
  invalid_request: 10040,
  unsupported_media_type: 10040,
  not_found: 7003,
  method_not_allowed: 7001,
  idempotency_conflict: 10073,
  precondition_failed: 10031,
  idempotency_mismatch: 10040,
  payload_too_large: 100100,
  rate_limited: 10058,
  unavailable: 10043,
  upstream_timeout: 10043,
}
const INTERNAL_ERROR = 10001

/** What may well go better the next time. Everything else says so, or Terraform retries it for minutes. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'rate_limited',
  'unavailable',
  'upstream_error',
  'upstream_timeout',
  'internal',
])

export function enveloped(
  requestId: string,
  status: number,
  { result, result_info, messages = [] }: Answered,
  told?: Told,
): Response {
  const envelope = {
    success: true,
    errors: [],
    messages,
    result,
    ...(result_info !== undefined && { result_info }),
  }
  return new Response(JSON.stringify(envelope), { status, headers: jsonHeaders(requestId, told) })
}

/**
 * A failure in Cloudflare's envelope; what Cloudflare said itself is passed on as it was. The `message` beside
 * it is what the official SDKs show (`err.message`); wrangler shows every message of `errors`.
 */
export function failed(error: ApiError, requestId: string): Response {
  const { code, message, passed } = error
  const errors =
    passed?.errors ??
    messagesOf(error).map((text) => ({ code: CODES[code] ?? INTERNAL_ERROR, message: text }))
  const envelope = { success: false, errors, messages: passed?.messages ?? [], result: null, message }
  return new Response(JSON.stringify(envelope), {
    status: passed?.status ?? error.status,
    headers: {
      ...jsonHeaders(requestId),
      ...(!PASSING.has(code) && { 'x-should-retry': 'false' }),
      ...error.headers,
    },
  })
}

/** One message for each value that a guardrail does not let stand: wrangler prints them all. */
function messagesOf({ code, message, details }: ApiError): readonly string[] {
  return code === 'guardrail_violation' && details.length > 0 ? details : [message]
}

function jsonHeaders(requestId: string, told?: Told): Record<string, string> {
  return { ...headersOf(requestId, told), 'content-type': 'application/json' }
}
