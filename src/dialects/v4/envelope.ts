import { type ApiError, ERRORS, isRetryable } from '../../errors.ts'
import type { Answer } from '../../handlers/handler.ts'
import { headersOf, type ResponseMeta } from '../headers.ts'

export function enveloped(
  requestId: string,
  status: number,
  { result, result_info, messages = [] }: Answer,
  meta?: ResponseMeta,
): Response {
  const envelope = {
    success: true,
    errors: [],
    messages,
    result,
    ...(result_info !== undefined && { result_info }),
  }
  return new Response(JSON.stringify(envelope), { status, headers: jsonHeaders(requestId, meta) })
}

/**
 * A failure in Cloudflare's envelope; what Cloudflare said itself is passed on as it was. The `message` beside
 * it is what the official SDKs show (`err.message`); wrangler shows every message of `errors`.
 */
export function failed(error: ApiError, requestId: string): Response {
  const { code, message, passed } = error
  const errors = passed?.errors ?? messagesOf(error).map((text) => ({ code: ERRORS[code].v4, message: text }))
  const envelope = { success: false, errors, messages: passed?.messages ?? [], result: null, message }
  return new Response(JSON.stringify(envelope), {
    status: passed?.status ?? error.status,
    headers: {
      ...jsonHeaders(requestId),
      ...(!isRetryable(code) && { 'x-should-retry': 'false' }),
      ...error.headers,
    },
  })
}

/** One message for each value that a guardrail does not let stand: wrangler prints them all. */
function messagesOf({ code, message, details }: ApiError): readonly string[] {
  return code === 'guardrail_violation' && details.length > 0 ? details : [message]
}

function jsonHeaders(requestId: string, meta?: ResponseMeta): Record<string, string> {
  return { ...headersOf(requestId, meta), 'content-type': 'application/json' }
}
