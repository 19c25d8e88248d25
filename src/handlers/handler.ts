import type { Env } from '../env.ts'
import type { Principal } from '../identity/principal.ts'
import type { HandledOperation } from '../routes/index.ts'
import type { Input } from '../routes/operation.ts'
import type { Upstream } from '../upstream/client.ts'

/** What a handler may use beside what it is asked with. Nothing of it is HTTP. */
export interface HandlerDeps {
  readonly env: Env
  /** Of one request: all its calls share a deadline. Throws `unavailable` while a setting is missing. */
  readonly upstream: Upstream
}

/** What an operation answers with, in neither dialect. */
export interface Answer {
  readonly result: unknown
  /** Where it isn't the one that the operation declares. */
  readonly status?: number
  readonly result_info?: unknown
  readonly messages?: readonly unknown[]
}

/** Does one operation. Nobody has been asked for where it is public. */
export type Handler<One extends HandledOperation> = (
  input: NonNullable<One['asked']>,
  principal: Principal,
  deps: HandlerDeps,
) => Answer | Promise<Answer>

/** A handler by itself, when what it is asked with is known at its operation only. */
export type AnyHandler = (input: Input, principal: Principal, deps: HandlerDeps) => Answer | Promise<Answer>

/** A handler for each operation of these names: one that is missing, or too many, doesn't compile. */
export type Handlers<Name extends HandledOperation['name'] = HandledOperation['name']> = {
  readonly [One in Name]: Handler<Extract<HandledOperation, { readonly name: One }>>
}
