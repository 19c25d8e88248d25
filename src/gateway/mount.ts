import type { Handler } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Admitted, App, AppContext, AppEnv, RequestParams } from '../dialects/context.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { headersOf } from '../dialects/headers.ts'
import { nothingOffered, verbNotOffered } from '../dialects/v4/not-offered.ts'
import { V4 } from '../dialects/v4/v4.ts'
import { ApiError } from '../errors.ts'
import { authenticate } from '../identity/authenticate.ts'
import { ANONYMOUS, type Principal } from '../identity/principal.ts'
import { type Conditions, NO_CONDITIONS } from '../lanes/preconditions.ts'
import { type PathParameter, parametersIn, readParameter } from '../routes/fields.ts'
import type { Operation, Resource } from '../routes/operation.ts'
import { settingsOf } from '../settings.ts'
import { serveFile } from './assets.ts'
import { limitBody } from './body-limit.ts'
import { begin } from './path-guard.ts'
import { performerOf } from './pipeline.ts'
import type { Outcome } from './request.ts'
import { RequestDeps } from './request-deps.ts'

const mounted = new WeakMap<object, Operation>()

/** The operation that a handler performs; only what `mount` attached performs one. */
export const operationOf = (handler: object): Operation | undefined => mounted.get(handler)

/**
 * Mounts operations in every dialect that offers them. This is the only place where a handler is attached, and what it
 * attaches asks who is calling and whether they may, as the operation declares: there is no way to leave that out.
 */
export function mount(app: App, resources: readonly Resource[], dialects: readonly Dialect[]): void {
  for (const dialect of dialects) {
    for (const operation of resources.flatMap(({ operations }) => operations)) {
      const path = dialect.path(operation)
      if (path === null) continue
      const handler = performing(operation, dialect)
      mounted.set(handler, operation)
      if (operation.method === 'get') app.get(path, handler)
      else
        app.on(
          operation.method.toUpperCase(),
          [path],
          limitBody,
          admission(operation, dialect),
          ...dialect.body(operation),
          handler,
        )
    }
  }
}

/**
 * Names, then settings, then the caller, then the query: the first that fails answers, and nothing was sent. Without a
 * promise for a caller who is known.
 */
function admit(
  operation: Operation,
  names: readonly PathParameter[],
  dialect: Dialect,
  context: AppContext,
): Admitted | Promise<Admitted> {
  begin(context)
  const params: Record<string, string> = {}
  for (const name of names) params[name] = readParameter(name, context.req.param(name))
  if (operation.only === undefined) settingsOf(context.env)
  const principal = principalOf(operation, context)
  const admitted = (principal: Principal) => ({ principal, params, asked: dialect.ask(operation, context) })
  return principal instanceof Promise ? principal.then(admitted) : admitted(principal)
}

/** Before the body is read. */
function admission(operation: Operation, dialect: Dialect) {
  const names = parametersIn(operation.path)
  return createMiddleware<AppEnv>(async function admission(context, next) {
    context.set('admitted', await admit(operation, names, dialect, context))
    await next()
  })
}

/** Who sends this request. Throws for anybody who can't prove it, unless anybody may ask. */
function principalOf({ access, changes }: Operation, context: AppContext): Principal | Promise<Principal> {
  if (access === 'public') return ANONYMOUS
  return authenticate({
    authorization: context.req.raw.headers.get('authorization'),
    db: context.env.DB,
    now: Date.now(),
    changes: changes !== undefined,
    waitUntil: (work) => context.executionCtx.waitUntil(work),
  })
}

/**
 * The handler of an operation. A read has this one and no other, so that nothing is composed; nor is there a promise
 * before upstream is asked.
 */
function performing(operation: Operation, dialect: Dialect): Handler<AppEnv> {
  const names = parametersIn(operation.path)
  const perform = performerOf(operation)
  const isRead = operation.method === 'get'
  function answer(context: AppContext, { principal, params, asked }: Admitted): Response | Promise<Response> {
    const body = operation.body ? context.req.valid('json' as never) : undefined
    const request = { ...asked, params, body, conditions: conditionsOf(context.req.raw.headers, isRead) }
    const outcome = perform(request, principal, new RequestDeps(context, dialect.name))
    const told = (outcome: Outcome) => respond(operation, dialect, context, asked, outcome)
    return outcome instanceof Promise ? outcome.then(told) : told(outcome)
  }
  return function performOperation(context: AppContext) {
    if (!isRead) return answer(context, context.get('admitted'))
    const admitted = admit(operation, names, dialect, context)
    return admitted instanceof Promise
      ? admitted.then((known) => answer(context, known))
      : answer(context, admitted)
  }
}

function conditionsOf(headers: Headers, isRead: boolean): Conditions {
  const ifNoneMatch = headers.get('if-none-match')
  if (isRead) return ifNoneMatch === null ? NO_CONDITIONS : { ...NO_CONDITIONS, ifNoneMatch }
  return { ifMatch: headers.get('if-match'), ifNoneMatch, idempotencyKey: headers.get('idempotency-key') }
}

function respond(
  operation: Operation,
  dialect: Dialect,
  context: AppContext,
  asked: RequestParams,
  outcome: Outcome,
): Response | Promise<Response> {
  switch (outcome.kind) {
    case 'done':
      return succeed(operation, dialect, context, asked, outcome)
    case 'not-modified':
      return new Response(null, { status: 304, headers: headersOf(context.get('requestId'), outcome) })
    case 'decision':
      return dialect.decision(context, outcome.described)
    case 'file':
      return serveFile(context, outcome.path)
  }
}

function succeed(
  operation: Operation,
  dialect: Dialect,
  context: AppContext,
  asked: RequestParams,
  { answer, meta }: Extract<Outcome, { kind: 'done' }>,
): Response | Promise<Response> {
  try {
    return dialect.success(operation, context, asked, answer, meta)
  } catch (error) {
    throw operation.changes && error instanceof ApiError ? afterAll(error, context.get('requestId')) : error
  }
}

/** An answer that can't be shown is no sign that nothing happened. */
function afterAll(error: ApiError, id: string): ApiError {
  const message = `The change happened, but: ${error.message} GET /v1/audit/${id} has its record.`
  return error.with({ message, members: { audit: id } })
}

const VERBS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Answers what no operation took: 405 where another method of the path is one, 404 elsewhere. */
export function nothingHere(app: App): (context: AppContext) => never {
  return function nothingHere(context) {
    if (context.get('requestId') === undefined) begin(context)
    const { path, method } = context.req
    const taken = VERBS.filter((verb) => app.router.match(verb, path)[0].length > 0)
    if (taken.length > 0 && !taken.includes(method === 'HEAD' ? 'GET' : method))
      throw verbNotOffered(path, method, taken) ?? methodNotAllowed(taken)
    if (path.startsWith(V4) && path.endsWith('/'))
      throw new ApiError('invalid_path', 'The path ends in a slash: is a name empty?')
    throw nothingOffered(path) ?? new ApiError('not_found', 'There is no such route. GET /docs lists them.')
  }
}

function methodNotAllowed(methods: readonly string[]): ApiError {
  const allow = (methods.includes('GET') ? [...methods, 'HEAD'] : methods).join(', ')
  return new ApiError('method_not_allowed', `Use one of ${allow}.`, { headers: { allow } })
}
