import type * as z from 'zod'
import type { ErrorCode } from '../../errors.ts'
import type { AppContext } from '../../gateway/context.ts'
import type { Principal } from '../../identity/authenticate.ts'

export interface ServiceAnswer {
  readonly status: number
  readonly body: unknown
}

type Answering<T = Response | ServiceAnswer> = T | Promise<T>

interface Described {
  /** What it is called in the documentation, where the path's last part doesn't say it. */
  readonly name?: `warden.${string}`
  readonly path: string
  readonly method?: 'get' | 'post'
  readonly summary: string
  readonly description?: string
  readonly body?: z.ZodType
  readonly result: z.ZodType
  /** What `Accept` can ask for in place of JSON. */
  readonly formats?: { readonly [mediaType: string]: z.ZodType }
  readonly statuses: readonly number[]
  /** What can go wrong beside what its access, parameters and body bring with them, for the documentation. */
  readonly refusals?: readonly ErrorCode[]
}

/** A route for anybody: it tells nothing secret. */
export interface PublicRoute extends Described {
  readonly access: 'public'
  answer(context: AppContext): Answering
}

/** A route for whoever holds a valid key. What it tells them beyond themselves, it asks policy for. */
export interface IdentifiedRoute<Query = unknown> extends Described {
  readonly access: 'identity'
  readonly query?: z.ZodObject & z.ZodType<Query>
  answer(context: AppContext, principal: Principal, query: Query): Answering
}

/** A route of the warden's own. */
export type ServiceRoute = PublicRoute | IdentifiedRoute

/** Declares a route that takes a query. The schema gives the function its type. */
export function routeWithQuery<Query>(declared: IdentifiedRoute<Query>): ServiceRoute {
  return declared as IdentifiedRoute
}
