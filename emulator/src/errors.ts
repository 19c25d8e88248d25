interface ErrorRow {
  readonly code: number
  readonly status: number
  readonly message: string
}

const table = <Kind extends string>(rows: Record<Kind, ErrorRow>) => rows

/** Every refusal there is. Codes and statuses are the contract; clients branch on them. */
export const ERRORS = table({
  authentication: { code: 10000, status: 401, message: 'Authentication error' },
  no_route: { code: 7003, status: 404, message: 'No route for the URI' },
  unknown_account: { code: 7003, status: 404, message: 'Could not route to the account' },
  method_not_allowed: { code: 7001, status: 405, message: 'Method not available for that URI.' },
  internal: { code: 10001, status: 500, message: 'We encountered an internal error. Please try again.' },

  bucket_exists: {
    code: 10004,
    status: 409,
    message: 'The bucket you tried to create already exists, and you own it.',
  },
  invalid_bucket_name: { code: 10005, status: 400, message: 'The specified bucket name is not valid.' },
  no_bucket: { code: 10006, status: 404, message: 'The specified bucket does not exist.' },
  bucket_not_empty: { code: 10008, status: 409, message: 'The bucket you tried to delete is not empty.' },
  too_many_buckets: {
    code: 10009,
    status: 400,
    message: 'You have attempted to create more buckets than allowed.',
  },
  malformed: { code: 10040, status: 400, message: 'The JSON you provided was not well formed.' },
  too_many_requests: { code: 10058, status: 429, message: 'Too many requests. Please try again later.' },
  unavailable: {
    code: 10043,
    status: 503,
    message: 'Service is temporarily unavailable. Please try again later.',
  },
  no_cors: { code: 10059, status: 404, message: 'The CORS configuration does not exist.' },
  invalid_storage_class: { code: 10062, status: 400, message: 'The storage class specified is not valid.' },

  conflicting_notification: {
    code: 11020,
    status: 400,
    message: 'Event notification rule conflict: invalid overlap with another rule of the bucket.',
  },
  no_notifications: { code: 11015, status: 404, message: 'workers.api.error.no_configs_found_for_bucket' },

  // No public source tells how Cloudflare numbers these. The statuses follow its habits, the numbers are ours.
  invalid_parameter: { code: 10022, status: 400, message: 'A parameter of the request is not valid.' },
  too_many_rules: { code: 10040, status: 400, message: 'The bucket would have more rules than it may.' },
  duplicate_rule: { code: 10040, status: 400, message: 'Rule ids must be unique within a bucket.' },
  no_queue: { code: 11000, status: 404, message: 'The specified queue does not exist.' },
  domain_exists: { code: 10401, status: 409, message: 'The custom domain is already connected to a bucket.' },
  no_domain: { code: 10402, status: 404, message: 'The custom domain is not connected to this bucket.' },
  too_many_domains: { code: 10403, status: 400, message: 'The bucket has as many custom domains as it may.' },
})

export type ErrorKind = keyof typeof ERRORS

interface Details {
  readonly message?: string
  readonly pointer?: string
  readonly headers?: Record<string, string>
}

export class ApiError extends Error {
  readonly kind: ErrorKind
  readonly pointer: string | undefined
  readonly headers: Record<string, string>

  constructor(kind: ErrorKind, { message = ERRORS[kind].message, pointer, headers = {} }: Details = {}) {
    super(message)
    this.kind = kind
    this.pointer = pointer
    this.headers = headers
  }
}

export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  console.error(error)
  return new ApiError('internal')
}
