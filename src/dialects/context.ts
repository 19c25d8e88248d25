import type { Context, Hono } from 'hono'
import type { Env } from '../env.ts'
import type { Principal } from '../identity/principal.ts'
import type { Jurisdiction } from '../policy/names.ts'
import type { Params } from '../routes/operation.ts'
import type { UpstreamHeaders } from '../upstream/client.ts'

/** What a request asks beside its body, parsed. */
export interface RequestParams {
  readonly jurisdiction: Jurisdiction
  readonly dryRun: boolean
  readonly query: unknown
  /** What upstream is to be told in headers. */
  readonly headers: UpstreamHeaders
}

/** What is known of a request before its body is read. */
export interface Admitted {
  readonly principal: Principal
  readonly params: Params
  readonly asked: RequestParams
}

/** What a request carries on its way, beside itself. */
export interface AppEnv {
  Bindings: Env
  Variables: {
    requestId: string
    admitted: Admitted
  }
}

export type App = Hono<AppEnv>
export type AppContext = Context<AppEnv>
