import type { MiddlewareHandler } from 'hono'
import type { ApiError } from '../errors.ts'
import type { Answer } from '../handlers/handler.ts'
import type { Operation } from '../routes/operation.ts'
import type { AppContext, AppEnv, RequestParams } from './context.ts'
import type { ResponseMeta } from './headers.ts'

/** A way to speak to the warden: how one and the same operation looks on the wire. */
export interface Dialect {
  readonly name: 'v1' | 'v4'
  /** The route of an operation, as Hono writes it; `null` where the dialect doesn't offer it. */
  path(operation: Operation): string | null
  /** Reads what stands beside the body. */
  ask(operation: Operation, context: AppContext): RequestParams
  /** Reads the body; what it parsed is `context.req.valid('json')`. */
  body(operation: Operation): readonly MiddlewareHandler<AppEnv>[]
  /** Shapes what was answered. */
  success(
    operation: Operation,
    context: AppContext,
    asked: RequestParams,
    answer: Answer,
    meta: ResponseMeta,
  ): Response | Promise<Response>
  /** Answers a dry run. */
  decision(context: AppContext, described: Readonly<Record<string, unknown>>): Response
  /** Where it points to the documentation, that is at this origin. */
  failure(error: ApiError, requestId: string, origin: string): Response
}
