import { ApiError, type ErrorCode, type Reached } from '../errors.ts'
import type { Envelope, UpstreamError } from './envelope.ts'

/** Cloudflare's codes that have a name of the warden's own. Source: developers.cloudflare.com/r2/api/error-codes. */
const CODES: ReadonlyMap<number, ErrorCode> = new Map([
  [10004, 'bucket_exists'],
  [10006, 'bucket_not_found'],
  [10007, 'sippy_not_found'],
  [10008, 'bucket_not_empty'],
  [10009, 'too_many_buckets'],
  [10058, 'rate_limited'],
  [10059, 'cors_not_found'],
  [10073, 'bucket_conflict'],
  [10085, 'bucket_not_found'],
  [11015, 'event_notifications_not_found'],
])

/**
 * Codes that say that the token is not valid, or may not do what it is for: no caller can mend that. Whatever else a
 * 403 says (10042: R2 is not enabled; 10069: a lock holds the object) is told as Cloudflare says it.
 */
const TOKEN_CODES: ReadonlySet<number> = new Set([1000, 6003, 6111, 9103, 9106, 9109, 10000, 10002, 10003])

/** Whether a refusal is of the token of the warden. Its codes decide, not its status; 401 says nothing else. */
export function isOfTheToken(status: number, envelope: Envelope | null): boolean {
  if (status === 401) return true
  return status === 403 && envelope !== null && envelope.errors.some(({ code }) => TOKEN_CODES.has(code))
}

interface Refused {
  readonly status: number
  readonly errors: readonly UpstreamError[]
  readonly retryAfter: string | null
  readonly messages: readonly unknown[]
  readonly accountId: string
  readonly reached: Reached
}

/** A refusal of Cloudflare's as an error of the warden's: its status, its codes, its messages. */
export function refusal({ status, errors, messages, retryAfter, accountId, reached }: Refused): ApiError {
  // Cloudflare quotes the account id in messages; v1 shows none.
  const shown = errors.map(({ code, message }) => ({ code, message: message.replaceAll(accountId, '…') }))
  const known = errors.map(({ code }) => CODES.get(code)).find((code) => code !== undefined)
  const code = status === 429 ? 'rate_limited' : (known ?? 'upstream_rejected')
  return new ApiError(code, shown.map(({ message }) => message).join(' '), {
    status,
    reached,
    members: { upstream: { status, errors: shown } },
    ...(errors.length > 0 && { passed: { status, errors, messages } }),
    ...(retryAfter !== null && { headers: { 'retry-after': retryAfter } }),
  })
}
