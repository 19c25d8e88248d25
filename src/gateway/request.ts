import type { ResponseMeta } from '../dialects/headers.ts'
import type { Answer, HandlerDeps } from '../handlers/handler.ts'
import type { Principal } from '../identity/principal.ts'
import type { Conditions } from '../lanes/preconditions.ts'
import type { Input } from '../routes/operation.ts'
import type { UpstreamHeaders } from '../upstream/client.ts'

/** What an operation is asked with, parsed. Nothing of it is HTTP. */
export interface OperationRequest extends Input {
  /** What upstream is to be told in headers; without them, the jurisdiction. */
  readonly headers?: UpstreamHeaders
  /** Of a change: only what would become of it. */
  readonly dryRun?: boolean
  readonly conditions?: Conditions
}

/** What an operation is performed with, for one request. */
export interface Deps extends HandlerDeps {
  /** UUID: the id of the answer, of the lines in the log, and of the record. */
  readonly requestId: string
  /** In which dialect it was asked; the record says so. */
  readonly dialect: 'v1' | 'v4'
  /** Of who asks, where that is known. */
  readonly clientAddress: string | null
  /** Sees work through should whoever asked leave meanwhile. */
  waitUntil(work: Promise<unknown>): void
}

/** What came of it. What kept it from happening is thrown, as an ApiError. */
export type Outcome =
  | { readonly kind: 'done'; readonly answer: Answer; readonly meta: ResponseMeta }
  | { readonly kind: 'not-modified'; readonly entityTag: string }
  /** Of a dry run: what policy says. */
  | { readonly kind: 'decision'; readonly described: Readonly<Record<string, unknown>> }
  /** A file of the Worker's own, by its path among its assets. */
  | { readonly kind: 'file'; readonly path: string }

/** Does one operation, for one principal. */
export type Performer = (
  request: OperationRequest,
  principal: Principal,
  deps: Deps,
) => Outcome | Promise<Outcome>
