import type * as z from 'zod'
import type { ErrorCode } from '../errors.ts'
import type { Principal } from '../identity/authenticate.ts'
import type { Facts } from '../policy/decide.ts'
import type { Jurisdiction } from '../policy/names.ts'
import type { Upstream } from '../upstream/client.ts'
import type { PathParameter } from './fields.ts'

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

export type Params = Readonly<Partial<Record<PathParameter, string>>>

/** What one operation is asked with, parsed. */
export interface Input<Body = unknown, Query = unknown> {
  readonly params: Params
  readonly jurisdiction: Jurisdiction
  readonly query: Query
  readonly body: Body
}

/** What an operation that is more than one call to upstream may use. */
export interface Means {
  readonly principal: Principal
  readonly upstream: Upstream
}

/** One operation on R2, declared once: everything else that speaks of it derives from this. */
export interface Operation<Body = unknown, Query = unknown> {
  /** Named as Cloudflare's SDKs name it without the leading `r2.`; it is the permission too. */
  readonly name: string
  readonly method: Method
  /** In v1 below `/v1`; upstream below `/accounts/{account_id}/r2`, unless `upstreamPath` says otherwise. */
  readonly path: string
  readonly upstreamPath?: string
  readonly summary: string
  readonly description?: string
  /** What the operation is on: a bucket (the default), the whole account, or the buckets that may be seen. */
  readonly target?: 'bucket' | 'account' | 'listing'
  /** What it changes, if it does: then it goes through a lane, is recorded, and can be tried with `dryRun`. */
  readonly changes?: Changes<Body>
  /** The parameters beside `jurisdiction` and `dryRun`. */
  readonly query?: z.ZodObject & z.ZodType<Query>
  readonly body?: z.ZodType<Body>
  readonly bodyOptional?: boolean
  /** The fields of the body that upstream takes as headers: then it takes no body. */
  readonly inHeaders?: { readonly [field: string]: 'cf-r2-storage-class' }
  /** The shape of the answer on v1. Without one, success has nothing to say: 204. */
  readonly result?: z.ZodType
  readonly status?: 200 | 201
  /** Refusals of Cloudflare's that it can meet beside those of every operation, for the documentation. */
  readonly refusals?: readonly ErrorCode[]
  /** Which bucket, where the path doesn't name it. */
  bucket?(body: Body): string
  /** What of a result is configuration: what is recorded, and compared. Everything, unless it says otherwise. */
  configuration?(result: unknown): unknown
  /** Answers with the result by other means than one call to upstream. */
  answer?(input: Input<Body, Query>, means: Means): Promise<unknown>
}

/** What a change does to a configuration, and how that is seen and undone. */
export interface Changes<Body = unknown> {
  /** The operation that reads what this one changes. */
  readonly reads: string
  /** Whether it takes, or frees, one of the buckets that its team may have. */
  readonly slot?: 'takes' | 'frees'
  /** The domain that it is on, where the path doesn't name it. */
  domain?(body: Body): unknown
  /** The body as it may be kept: without credentials. */
  recorded?(body: Body): unknown
  /** The credentials in a body. */
  secrets?(body: Body): readonly string[]
  /** Whether a configuration (`null` for none) is one that the change leaves behind. */
  isDone(configuration: unknown, body: unknown): boolean
  /** The change that puts back what was there. */
  undo(was: Was): Undo
}

/** The configuration around a change; `null` where there was none. */
export interface Was {
  readonly before: unknown
  readonly after: unknown
}

export type Undo =
  | { readonly operation: string; readonly body?: unknown; readonly impossible?: never }
  | { readonly impossible: string }

/** The operations of one resource; the title heads them in the documentation. */
export interface Resource {
  readonly title: string
  readonly operations: readonly Operation[]
}

/** Declares an operation. The schemas give the functions their types. */
export function operation<Body, Query>(declared: Operation<Body, Query>): Operation {
  return declared as Operation
}

export function resource(title: string, operations: readonly Operation[]): Resource {
  return { title, operations }
}

/** Whether an operation reads a configuration: the answer then has an entity tag. */
export const hasEntityTag = ({ changes, target }: Operation) => changes === undefined && target === undefined

/** What policy sees of a request. */
export function factsOf({ name, target, bucket }: Operation, { jurisdiction, params, body }: Input): Facts {
  const named = bucket && body !== undefined ? bucket(body) : params.bucket
  return {
    operation: name,
    jurisdiction,
    bucket: named ?? null,
    listing: target === 'listing',
    domain: params.domain,
    queueId: params.queueId,
    body,
    now: Date.now(),
  }
}
