import type * as z from 'zod'
import { TextMemo } from '../encoding/text-memo.ts'
import { ApiError } from '../errors.ts'
import { log } from '../log.ts'
import type { Settings } from '../settings.ts'
import { type Envelope, parseJson, readEnvelope } from './envelope.ts'
import { isOfTheToken, refusal } from './refusals.ts'
import { retry, TransientError } from './retry.ts'
import { withoutEchoes } from './scrub.ts'
import { STORAGE_METRICS_QUERY, type StorageMetricsFilter, storageMetrics } from './storage-metrics.ts'

/** One call of the R2 management API, in parts: the URL is built here and nowhere else. */
export interface UpstreamCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/accounts/{account_id}`, each part encoded by itself. */
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: UpstreamHeaders
  readonly body?: unknown
  /** Credentials in the body: should upstream repeat one, it is taken out of the answer. */
  readonly secrets?: readonly string[]
}

/** A success, and how Cloudflare's own log finds it. */
export interface UpstreamResponse extends Envelope {
  /** The envelope by itself: of equal texts it is one and the same object, which nobody may change. */
  readonly envelope: Envelope
  readonly status: number
  readonly cfRay: string | null
  /** The whole answer as it came. */
  readonly text: string
}

/** The only headers of a request's own that ever go up, their values parsed. */
export interface UpstreamHeaders {
  readonly 'cf-r2-jurisdiction'?: string
  readonly 'cf-r2-storage-class'?: string
  readonly 'cf-r2-data-catalog-check'?: 'true'
}

/** Cloudflare takes a request without the header for one of the default jurisdiction. */
export function jurisdictionHeader(jurisdiction: string): UpstreamHeaders {
  return jurisdiction === 'default' ? {} : { 'cf-r2-jurisdiction': jurisdiction }
}

/** Sends calls for one request of a caller, all within one deadline. */
export interface Upstream {
  /** Resolves to the envelope of a success; throws an ApiError for everything else. */
  call(call: UpstreamCall): Promise<UpstreamResponse>
  /** How much one bucket holds; `data: null` when Cloudflare gave no answer to that. */
  storageMetrics(filter: StorageMetricsFilter): Promise<z.output<typeof storageMetrics> | { data: null }>
}

const USER_AGENT = 'r2-warden'

export function createUpstream(settings: Settings): Upstream {
  const deadline = Date.now() + settings.deadlineMs
  return {
    async call(call) {
      const attempt = () => send(settings, call, deadline)
      try {
        return await attempt()
      } catch (error) {
        if (call.method !== 'GET' || !(error instanceof TransientError)) return tell(error)
        return retry(error, attempt, deadline).catch(tell)
      }
    },
    async storageMetrics(filter) {
      const variables = { accountTag: settings.accountId, filter }
      const body = { query: STORAGE_METRICS_QUERY, operationName: 'getR2StorageMetrics', variables }
      const call = { method: 'POST', path: ['graphql'], body } as const
      const { text } = await exchange(settings, call, `${settings.baseUrl}/graphql`, deadline).catch(tell)
      return storageMetrics.safeParse(parseJson(text)).data ?? { data: null }
    },
  }
}

/** What it is to the caller, once it is tried no more. */
function tell(error: unknown): never {
  throw error instanceof TransientError ? error.told : error
}

async function send(settings: Settings, call: UpstreamCall, deadline: number): Promise<UpstreamResponse> {
  const { response, text } = await exchange(settings, call, urlOf(settings, call), deadline)
  return read(settings, call, response, text)
}

/** A read leaves time for another attempt; a change has one attempt and may use all that is left. */
function timeoutOf({ deadlineMs }: Settings, { method }: UpstreamCall, deadline: number): number {
  const share = method === 'GET' ? deadlineMs * 0.4 : deadlineMs
  return Math.max(1, Math.min(share, deadline - Date.now()))
}

/** The one place where the token meets the network. */
async function exchange(settings: Settings, call: UpstreamCall, url: string, deadline: number) {
  const held = settings.token()
  const token = typeof held === 'string' ? held : await held
  try {
    const response = await fetch(url, {
      method: call.method,
      headers: headersOf(token, call),
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      redirect: 'manual', // a redirect would carry the token to wherever upstream points
      signal: AbortSignal.timeout(timeoutOf(settings, call, deadline)),
    })
    const text = await response.text()
    // whatever upstream says, it does not say the token, nor what else was entrusted to it
    const shown = text.includes(token) ? text.replaceAll(token, '…') : text
    return { response, text: call.secrets ? withoutEchoes(call.secrets, shown) : shown }
  } catch (cause) {
    const isTimeout = cause instanceof Error && cause.name === 'TimeoutError'
    const reached = { status: null, cfRay: null, isUncertain: true }
    log('error', 'upstream unreachable', {
      method: call.method,
      path: call.path.join('/'),
      timeout: isTimeout,
    })
    throw new TransientError(
      isTimeout
        ? new ApiError('upstream_timeout', 'Cloudflare did not answer in time.', { cause, reached })
        : new ApiError('upstream_error', 'Cloudflare could not be reached.', { cause, reached }),
    )
  }
}

const envelopes = new TextMemo((text) => readEnvelope(200, text))

function read(settings: Settings, call: UpstreamCall, response: Response, text: string): UpstreamResponse {
  const { status } = response
  const envelope = status === 200 ? envelopes.get(text) : readEnvelope(status, text)
  const cfRay = safeRay(response.headers.get('cf-ray'))
  if (envelope?.success) return { ...envelope, envelope, status, cfRay, text }
  const retryAfter = response.headers.get('retry-after')
  const told = failure(settings, { status, envelope, retryAfter, cfRay })
  log(levelOf(call, status, envelope), 'upstream refused', {
    method: call.method,
    path: call.path.join('/'),
    status,
    codes: envelope?.errors.map(({ code }) => code),
    cfRay,
  })
  if (status === 429 || status >= 500) throw new TransientError(told, pauseOf(retryAfter))
  throw told
}

interface Failed {
  readonly status: number
  readonly envelope: Envelope | null
  readonly retryAfter: string | null
  readonly cfRay: string | null
}

function failure({ accountId }: Settings, { status, envelope, retryAfter, cfRay }: Failed): ApiError {
  const reached = { status, cfRay, isUncertain: false }
  if (isOfTheToken(status, envelope))
    return new ApiError(
      'upstream_refused',
      "Cloudflare refused the warden's API token: its operators must look at it.",
      { reached },
    )
  const { errors = [], messages = [] } = envelope ?? {}
  const uncertain = { reached: { ...reached, isUncertain: true } }
  if (status >= 500) {
    const passed = envelope && { status, errors, messages }
    const extras = passed ? { passed, ...uncertain } : uncertain
    return new ApiError('upstream_error', `Cloudflare answered ${status}.`, extras)
  }
  if ((!envelope && status !== 429) || status < 400)
    return new ApiError('upstream_error', 'Cloudflare gave an answer that is not its envelope.', uncertain)
  const asked = { status, errors, messages, retryAfter: safeRetryAfter(retryAfter), accountId, reached }
  return refusal(asked)
}

/** That something isn't there is what many a read wants to know. */
function levelOf({ method }: UpstreamCall, status: number, envelope: Envelope | null) {
  if (status >= 500 || !envelope) return 'error'
  return method === 'GET' && status === 404 ? 'info' : 'warn'
}

/** For the record, and nothing else. */
function safeRay(cfRay: string | null): string | null {
  return cfRay !== null && /^[\w-]{1,64}$/.test(cfRay) ? cfRay : null
}

/** `Retry-After` in its two forms (RFC 9110, 10.2.3) as milliseconds; 0 when absent or neither. */
function pauseOf(retryAfter: string | null): number {
  if (retryAfter === null) return 0
  if (/^\d{1,6}$/.test(retryAfter)) return Number(retryAfter) * 1000
  const date = Date.parse(retryAfter)
  return Number.isNaN(date) ? 0 : Math.max(0, date - Date.now())
}

/** Nothing of upstream's headers is passed on unread. */
function safeRetryAfter(retryAfter: string | null): string | null {
  return retryAfter === null ? null : String(Math.ceil(pauseOf(retryAfter) / 1000))
}

function urlOf({ baseUrl, accountId }: Settings, { path, query }: UpstreamCall): string {
  const url = `${baseUrl}/accounts/${accountId}/${path.map(encodeURIComponent).join('/')}`
  return query ? `${url}?${new URLSearchParams(query)}` : url
}

function headersOf(token: string, { headers, body }: UpstreamCall): Record<string, string> {
  return {
    authorization: `Bearer ${token}`,
    'user-agent': USER_AGENT,
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...headers,
  }
}
