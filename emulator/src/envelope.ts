import { type ApiError, ERRORS } from './errors.ts'

export interface Answer {
  readonly result: unknown
  readonly resultInfo?: Readonly<Record<string, unknown>>
}

const NOTHING: Answer = { result: {} }

/** For writes that have no result: wrangler takes null as well, the official description wants an object. */
export function done(): Answer {
  return NOTHING
}

export function success({ result, resultInfo }: Answer): string {
  const envelope = { success: true, errors: [], messages: [], result }
  return JSON.stringify(resultInfo ? { ...envelope, result_info: resultInfo } : envelope)
}

const JSON_HEADERS = { 'content-type': 'application/json' }

export function json(text: string, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(text, { status, headers: { ...JSON_HEADERS, ...headers } })
}

export function failure({ kind, message, pointer, headers }: ApiError): Response {
  const { code, status } = ERRORS[kind]
  return refusal(status, { code, message, ...(pointer !== undefined && { source: { pointer } }) }, headers)
}

interface WireError {
  readonly code: number
  readonly message: string
  readonly source?: { readonly pointer: string }
}

export function refusal(status: number, error: WireError, headers: Record<string, string> = {}): Response {
  const envelope = { success: false, errors: [error], messages: [], result: null }
  return Response.json(envelope, { status, headers })
}
