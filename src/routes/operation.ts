import type * as z from 'zod'
import type { ErrorCode } from '../errors.ts'
import type { Facts } from '../policy/decide.ts'
import type { Jurisdiction } from '../policy/names.ts'
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

/**
 * Who an operation is for. `granted`, unless it says otherwise: whom policy gives the permission of its name.
 * `own`: whoever holds a valid key, for what is their own; the permission of its name widens it to everybody's.
 * `identified`: whoever holds a valid key. `public`: anybody, since it tells nothing secret.
 */
export type Access = 'granted' | 'own' | 'identified' | 'public'

/** One thing that can be done, declared once: everything else that speaks of it derives from this. */
export interface Operation<Body = unknown, Query = unknown> {
  /** Named as Cloudflare's SDKs name it without the leading `r2.`; it is the permission too. */
  readonly name: string
  readonly method: Method
  /** In v1 below `/v1`; upstream below `/accounts/{account_id}/r2`, unless `upstreamPath` says otherwise. */
  readonly path: string
  readonly upstreamPath?: string
  /** Offered in this dialect only, and `path` is all of its path there. */
  readonly only?: 'v1' | 'v4'
  readonly access?: Access
  /** Permissions beside the one of its name, for what it does only when it is asked to. */
  readonly permissions?: readonly string[]
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
  /** Another status than that, which its answer may have too, with the same shape. */
  readonly otherStatus?: 503
  /** What `Accept` can ask for in place of JSON, on v1. */
  readonly formats?: { readonly [mediaType: string]: z.ZodType }
  /** Its answer is not in Cloudflare's envelope, on v4 either. */
  readonly isBare?: true
  /** It answers with a file, or a document about the API itself, and stands in no document. */
  readonly isDocument?: true
  /** Refusals that it can meet beside those of every operation of its kind, for the documentation. */
  readonly refusals?: readonly ErrorCode[]
  /** Done by a handler of its own, and not by one call upstream or a lane. */
  readonly handled?: true
  /** Which bucket, where the path doesn't name it. */
  bucket?(body: Body): string
  /** What of a result is configuration: what is recorded, and compared. Everything, unless it says otherwise. */
  configuration?(result: unknown): unknown
  /**
   * What policy is asked, where that isn't the permission of its name: who may do one of these, as far as that shows
   * without a value, may do it. Throws for what isn't offered to anybody.
   */
  decidedAs?(input: Input<Body, Query>): readonly Facts[]
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
  undo(around: BeforeAfter): Undo
}

/** The configuration around a change; `null` where there was none. */
export interface BeforeAfter {
  readonly before: unknown
  readonly after: unknown
}

export type Undo =
  | { readonly operation: string; readonly body?: unknown; readonly impossible?: never }
  | { readonly impossible: string }

/** An operation that has a handler: its name and what it is asked with are known to the compiler. */
export interface Handled<Name extends string = string, Body = unknown, Query = unknown> extends Operation {
  readonly name: Name
  readonly handled: true
  /** Of types only. */
  readonly asked?: Input<Body, Query>
}

/** The operations of one resource; the title heads them in the documentation. */
export interface Resource<Operations extends readonly Operation[] = readonly Operation[]> {
  readonly title: string
  readonly operations: Operations
}

/** Declares an operation. The schemas give the functions their types. */
export function operation<Body, Query>(declared: Operation<Body, Query>): Operation {
  return declared as Operation
}

/** Declares an operation that a handler does; `handlers/index.ts` doesn't compile without it. */
export function handled<const Name extends string, Body, Query>(
  declared: Operation<Body, Query> & { readonly name: Name },
): Handled<Name, Body, Query> {
  return { ...(declared as Operation), name: declared.name, handled: true }
}

export function resource<const Operations extends readonly Operation[]>(
  title: string,
  operations: Operations,
): Resource<Operations> {
  return { title, operations }
}

/** Whether an operation reads a configuration: the answer then has an entity tag. */
export const hasEntityTag = ({ changes, target, only }: Operation) =>
  changes === undefined && target === undefined && only === undefined

/** What policy sees of a request. The whole account is in no jurisdiction, whatever the request says. */
export function factsOf({ name, target, bucket }: Operation, { jurisdiction, params, body }: Input): Facts {
  const named = bucket && body !== undefined ? bucket(body) : params.bucket
  return {
    operation: name,
    jurisdiction: target === 'account' ? 'default' : jurisdiction,
    bucket: named ?? null,
    listing: target === 'listing',
    domain: params.domain,
    queueId: params.queueId,
    body,
    now: Date.now(),
  }
}

/** The permissions that an operation brings with it. */
export const permissionsOf = ({ name, access = 'granted', permissions = [] }: Operation): string[] =>
  access === 'granted' || access === 'own' ? [name, ...permissions] : [...permissions]
