/** What is the same for every error of one code. */
interface ErrorRow {
  readonly status: number
  /**
   * The code that stands for it on v4, among Cloudflare's own (developers.cloudflare.com/r2/api/error-codes). Never
   * 10000 or 9106 (wrangler takes them for a bad login, and asks who it is), and the code of a denial is never one
   * that a client takes for "not there".
   */
  readonly v4: number
  /** What may well go better the next time. Everything else says on v4 that it won't, or Terraform retries it for minutes. */
  readonly retryable?: true
  readonly title: string
}

/**
 * Every error that a caller can meet. The code is the contract; title and message may improve.
 * Reasons are rich inside and plain on the wire: what isn't an ApiError is shown as `internal`.
 */
export const ERRORS = {
  invalid_path: {
    status: 400,
    v4: 10005,
    title: 'The path is not canonical or does not name what it should',
  },
  malformed_json: { status: 400, v4: 10040, title: 'The body is not JSON' },
  invalid_request: { status: 400, v4: 10040, title: 'A parameter or a field is not valid' },
  unauthenticated: { status: 401, v4: 10001, title: 'A valid team key is required' },
  forbidden: { status: 403, v4: 10003, title: 'No grant of the caller allows this' },
  denied: { status: 403, v4: 10003, title: 'A deny rule forbids this' },
  guardrail_violation: { status: 403, v4: 10003, title: 'A guardrail does not let this value stand' },
  quota_exceeded: { status: 403, v4: 10003, title: 'The team has as many as its limit allows' },
  not_offered: { status: 403, v4: 10003, title: 'The warden does not offer this' },
  not_found: { status: 404, v4: 7003, title: 'There is no such route' },
  record_not_found: { status: 404, v4: 7003, title: 'There is no such audit record' },
  method_not_allowed: { status: 405, v4: 7001, title: 'The route does not take this method' },
  idempotency_conflict: {
    status: 409,
    v4: 10073,
    title: 'The first answer under this key cannot be given again',
  },
  not_revertible: { status: 409, v4: 10073, title: 'The change cannot be undone' },
  precondition_failed: { status: 412, v4: 10031, title: 'What is there now is not what was expected' },
  payload_too_large: { status: 413, v4: 100100, title: 'The body, or what it would change, is too large' },
  unsupported_media_type: { status: 415, v4: 10040, title: 'The body must be application/json' },
  idempotency_mismatch: { status: 422, v4: 10040, title: 'The idempotency key was used for another request' },
  internal: { status: 500, v4: 10001, retryable: true, title: 'The warden failed' },
  upstream_refused: { status: 502, v4: 10001, title: 'Cloudflare refused the token of the warden' },
  upstream_error: { status: 502, v4: 10001, retryable: true, title: 'Cloudflare gave no usable answer' },
  unavailable: { status: 503, v4: 10043, retryable: true, title: 'The warden cannot serve this now' },
  upstream_timeout: { status: 504, v4: 10043, retryable: true, title: 'Cloudflare did not answer in time' },

  // Refusals of Cloudflare's own, passed on with its code and, but for these defaults, its status.
  bucket_not_found: { status: 404, v4: 10006, title: 'The bucket does not exist' },
  bucket_exists: { status: 409, v4: 10004, title: 'The bucket already exists' },
  bucket_not_empty: { status: 409, v4: 10008, title: 'The bucket is not empty' },
  bucket_conflict: { status: 409, v4: 10073, title: 'The bucket is being changed' },
  too_many_buckets: { status: 400, v4: 10009, title: 'The account has too many buckets' },
  cors_not_found: { status: 404, v4: 10059, title: 'The bucket has no CORS policy' },
  event_notifications_not_found: {
    status: 404,
    v4: 11015,
    title: 'There is no event notification configuration',
  },
  sippy_not_found: { status: 404, v4: 10007, title: 'The bucket has no Sippy configuration' },
  rate_limited: { status: 429, v4: 10058, retryable: true, title: 'Too many requests' },
  upstream_rejected: { status: 400, v4: 10040, title: 'Cloudflare rejected the request' },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof ERRORS

export const isRetryable = (code: ErrorCode) => 'retryable' in ERRORS[code]

/** One thing that is wrong with a request, and where. */
export interface Issue {
  readonly in: 'path' | 'query' | 'header' | 'body'
  /** RFC 6901 JSON pointer within that place, such as `/rules/0/allowed/origins`; in a header, its name. */
  readonly pointer: string
  readonly message: string
}

/** What an error may carry beside its code and its message. */
export interface Extras {
  /** Members added to the error's body. */
  readonly members?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
  /** In place of the code's usual status: a refusal of Cloudflare's keeps its own. */
  readonly status?: number
  /** The message in parts, one for each thing that is wrong. */
  readonly details?: readonly string[]
  /** What Cloudflare said itself, for the dialect that passes it on. */
  readonly passed?: Passed
  /** How far it came, for an error of a request that was on its way to Cloudflare. */
  readonly reached?: Reached
  readonly cause?: unknown
}

/** What is known of a request that was sent to Cloudflare. */
export interface Reached {
  /** `null` when there was no answer. */
  readonly status: number | null
  readonly cfRay: string | null
  /** Whether it may have been carried out although this is an error. */
  readonly isUncertain: boolean
}

export interface Passed {
  readonly status: number
  readonly errors: readonly unknown[]
  readonly messages: readonly unknown[]
}

/** An error as data: what crosses from a lane to the Worker, and is kept under an idempotency key. */
export interface ErrorData {
  readonly code: ErrorCode
  readonly message: string
  readonly status: number
  readonly members: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>
  readonly details: readonly string[]
  readonly passed: Passed | null
}

/** An error with a code of the table. Its message is written for the caller and holds no secret. */
export class ApiError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly members: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>
  readonly passed: Passed | null
  readonly details: readonly string[]
  readonly reached: Reached | null

  constructor(code: ErrorCode, message: string, extras: Extras = {}) {
    super(message, { cause: extras.cause })
    this.name = 'ApiError'
    this.code = code
    this.status = extras.status ?? ERRORS[code].status
    this.members = extras.members ?? {}
    this.headers = extras.headers ?? {}
    this.passed = extras.passed ?? null
    this.details = extras.details ?? []
    this.reached = extras.reached ?? null
  }

  /** The same error with another message, or with more beside it: members and headers are added to those it has. */
  with({
    message = this.message,
    members,
    headers,
  }: Pick<Extras, 'members' | 'headers'> & { message?: string }): ApiError {
    const { code, status, details, passed, reached, cause } = this
    return new ApiError(code, message, {
      status,
      details,
      ...(passed && { passed }),
      ...(reached && { reached }),
      members: { ...this.members, ...members },
      headers: { ...this.headers, ...headers },
      cause,
    })
  }

  /** All that its caller is told. How far it came, and what caused it, stay where it happened. */
  toJSON(): ErrorData {
    const { code, message, status, members, headers, details, passed } = this
    return { code, message, status, members, headers, details, passed }
  }

  static fromJSON({ code, message, passed, ...extras }: ErrorData): ApiError {
    return new ApiError(code, message, { ...extras, ...(passed && { passed }) })
  }
}

/** The warden can't serve this now, and after so many seconds the same request may well succeed. */
export function unavailable(message: string, seconds: number, cause?: unknown): ApiError {
  return new ApiError('unavailable', message, { headers: { 'retry-after': String(seconds) }, cause })
}

export function invalidRequest(issues: readonly Issue[]): ApiError {
  const message = issues.map(({ pointer, message }) => `${pointer}: ${message}`).join('; ')
  return new ApiError('invalid_request', message, { members: { errors: issues } })
}
