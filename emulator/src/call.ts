import type { Context } from 'hono'
import * as z from 'zod'
import { ApiError } from './errors.ts'
import type { Services } from './services.ts'
import type { Bucket } from './store/buckets.ts'
import { BUCKET_NAME, type Jurisdiction, jurisdictions } from './values.ts'

const jurisdictionHeader = z.enum(jurisdictions).default('default')

/** One call of one operation: what was asked, and the services to answer it with. */
export class Call {
  readonly services: Services
  readonly #context: Context
  readonly #body: string

  constructor(services: Services, context: Context, body: string) {
    this.services = services
    this.#context = context
    this.#body = body
  }

  get accountId(): string {
    return this.services.config.accountId
  }

  param(name: string): string {
    return this.#context.req.param(name) ?? ''
  }

  header(name: string): string | undefined {
    return this.#context.req.header(name)
  }

  query<T>(schema: z.ZodType<T>): T {
    return valid(schema, this.#context.req.query(), 'invalid_parameter')
  }

  get hasBody(): boolean {
    return this.#body !== ''
  }

  /** Whatever the content type says: wrangler labels the JSON of a new bucket text/plain. */
  body<T>(schema: z.ZodType<T>): T {
    return valid(schema, parseJson(this.#body), 'malformed')
  }

  get jurisdiction(): Jurisdiction {
    return valid(jurisdictionHeader, this.header('cf-r2-jurisdiction'), 'invalid_parameter')
  }

  /** The bucket of the path, in the jurisdiction of the header. */
  bucket(): Bucket {
    const name = this.param('bucket')
    const { jurisdiction } = this
    if (!BUCKET_NAME.test(name)) throw new ApiError('invalid_bucket_name')
    const found = this.services.store.buckets.find({ jurisdiction, name })
    if (!found) throw new ApiError('no_bucket')
    return found
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiError('malformed')
  }
}

function valid<T>(schema: z.ZodType<T>, value: unknown, kind: 'malformed' | 'invalid_parameter'): T {
  const { success, data, error } = schema.safeParse(value)
  if (success) return data
  const pointer = error.issues[0]?.path.map((part) => `/${String(part)}`).join('') ?? ''
  throw new ApiError(kind, { pointer })
}
