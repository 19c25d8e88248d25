import type { MiddlewareHandler } from 'hono'
import type { ApiError } from '../errors.ts'
import type { AppContext, AppEnv } from '../gateway/context.ts'
import type { violationsOf } from '../policy/explain.ts'
import type { Jurisdiction } from '../policy/names.ts'
import type { Operation } from '../routes/operation.ts'
import type { UpstreamHeaders } from '../upstream/client.ts'
import type { Told } from './headers.ts'

/** What a request asks beside its body, parsed. */
export interface Asked {
  readonly jurisdiction: Jurisdiction
  readonly dryRun: boolean
  readonly query: unknown
  /** What upstream is to be told in headers. */
  readonly headers: UpstreamHeaders
}

/** What an operation answered with. */
export interface Answered {
  readonly result: unknown
  readonly result_info?: unknown
  readonly messages?: readonly unknown[]
}

/** What is told of a body in an operation's declaration. */
export type BodyOf = Pick<Operation, 'body' | 'bodyOptional' | 'inHeaders'>

export type Warning = ReturnType<typeof violationsOf>[number]

/** A way to speak to the warden: how one and the same operation looks on the wire. */
export interface Dialect {
  readonly name: 'v1' | 'v4'
  /** The route of an operation, as Hono writes it. */
  path(operation: Operation): string
  /** Reads what stands beside the body. */
  ask(operation: Operation, context: AppContext): Asked
  /** Reads the body; what it parsed is `context.req.valid('json')`. */
  body(operation: BodyOf): readonly MiddlewareHandler<AppEnv>[]
  /** Shapes what upstream answered. */
  success(operation: Operation, context: AppContext, answered: Answered, told: Told): Response
  /** Answers a dry run. */
  decision(context: AppContext, described: Readonly<Record<string, unknown>>): Response
  failure(error: ApiError, requestId: string): Response
}
