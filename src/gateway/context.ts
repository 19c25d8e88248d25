import type { Context, Hono } from 'hono'
import type { Env } from '../env.ts'
import type { Principal } from '../identity/authenticate.ts'
import type { Admitted } from './mount.ts'

/** What a request carries on its way, beside itself. */
export interface AppEnv {
  Bindings: Env
  Variables: {
    requestId: string
    admitted: Admitted
    caller?: Principal
  }
}

export type App = Hono<AppEnv>
export type AppContext = Context<AppEnv>
