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
export function failed(error: ApiError, requestId: string, origin: string): Response {
  const { code, message, passed, members } = error
  const documentation_url = `${origin}/docs/errors#${code}`
  const own = messagesOf(error).map((text) => ({ code: ERRORS[code].v4, message: text, documentation_url }))
  const beside = besides(members)
  const envelope = {
    success: false,
    errors: passed?.errors ?? own,
    messages: passed?.messages ?? [...beside, `Request id: ${requestId}.`],
    result: null,
    message: [message, ...beside].join(' '),
  }
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

/** Why a rule is there, and whom to ask: told where wrangler and the SDKs both show it. */
function besides({ reason, contact }: ApiError['members']): string[] {
  return [
    ...(typeof reason === 'string' ? [`Reason: ${reason}`] : []),
    ...(typeof contact === 'string' ? [`Contact: ${contact}`] : []),
  ]
}

function jsonHeaders(requestId: string, meta?: ResponseMeta): Record<string, string> {
  return { ...headersOf(requestId, meta), 'content-type': 'application/json' }
}
