import type { Handler } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { App, AppContext, AppEnv } from '../dialects/context.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { headersOf } from '../dialects/headers.ts'
import { ApiError } from '../errors.ts'
import { authenticate } from '../identity/authenticate.ts'
import { ANONYMOUS, type Principal } from '../identity/principal.ts'
import { parametersIn, readParameter } from '../routes/fields.ts'
import type { Operation, Resource } from '../routes/operation.ts'
import { settingsOf } from '../settings.ts'
import { serveFile } from './assets.ts'
import { limitBody } from './body-limit.ts'
import { performerOf } from './pipeline.ts'
import type { OperationRequest, Outcome } from './request.ts'
import { RequestDeps } from './request-deps.ts'

const mounted = new WeakMap<object, Operation>()

/** The operation that a handler performs; only what `mount` attached performs one. */
export const operationOf = (handler: object): Operation | undefined => mounted.get(handler)

/**
 * Mounts operations in every dialect that offers them. This is the only place where a handler is attached, and what it
 * attaches asks who is calling and whether they may, as the operation declares: there is no way to leave that out.
 */
export function mount(app: App, resources: readonly Resource[], dialects: readonly Dialect[]): void {
  const methods = new Map<string, string[]>()
  for (const dialect of dialects) {
    for (const operation of resources.flatMap(({ operations }) => operations)) {
      const path = dialect.path(operation)
      if (path === null) continue
      const method = operation.method.toUpperCase()
      const handler = performing(operation, dialect)
      mounted.set(handler, operation)
      const first = operation.method === 'get' ? [] : [limitBody]
      app.on(method, [path], ...first, admit(operation, dialect), ...dialect.body(operation), handler)
      methods.set(path, [...(methods.get(path) ?? []), method])
    }
  }
  for (const [path, allowed] of methods) app.all(path, methodNotAllowed(allowed))
}

/** Names, then settings, then the caller, then the query: the first that fails answers, and nothing was sent. */
function admit(operation: Operation, dialect: Dialect) {
  const names = parametersIn(operation.path)
  return createMiddleware<AppEnv>(async function admit(context, next) {
    const params = Object.fromEntries(
      names.map((name) => [name, readParameter(name, context.req.param(name))]),
    )
    if (operation.only === undefined) settingsOf(context.env)
    const found = principalOf(operation, context)
    const principal = found instanceof Promise ? await found : found
    context.set('admitted', { principal, params, asked: dialect.ask(operation, context) })
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

function performing(operation: Operation, dialect: Dialect): Handler<AppEnv> {
  const perform = performerOf(operation)
  return async function performOperation(context) {
    const { principal } = context.get('admitted')
    const deps = new RequestDeps(context, dialect.name)
    return respond(operation, dialect, context, await perform(requestOf(operation, context), principal, deps))
  }
}

function requestOf({ body, method }: Operation, context: AppContext): OperationRequest {
  const { params, asked } = context.get('admitted')
  const { raw } = context.req
  const isRead = method === 'get'
  return {
    params,
    ...asked,
    body: body ? context.req.valid('json' as never) : undefined,
    conditions: {
      ifMatch: isRead ? null : raw.headers.get('if-match'),
      ifNoneMatch: raw.headers.get('if-none-match'),
      idempotencyKey: isRead ? null : raw.headers.get('idempotency-key'),
    },
  }
}

function respond(
  operation: Operation,
  dialect: Dialect,
  context: AppContext,
  outcome: Outcome,
): Response | Promise<Response> {
  switch (outcome.kind) {
    case 'done':
      return succeed(operation, dialect, context, outcome)
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
  { answer, meta }: Extract<Outcome, { kind: 'done' }>,
): Response | Promise<Response> {
  try {
    return dialect.success(operation, context, answer, meta)
  } catch (error) {
    throw operation.changes && error instanceof ApiError ? afterAll(error, context.get('requestId')) : error
  }
}

/** An answer that can't be shown is no sign that nothing happened. */
function afterAll(error: ApiError, id: string): ApiError {
  const message = `The change happened, but: ${error.message} GET /v1/audit/${id} has its record.`
  return error.with({ message, members: { audit: id } })
}

/** Answers what no other handler of the path took. */
function methodNotAllowed(methods: readonly string[]): Handler<AppEnv> {
  const allowed = methods.includes('GET') ? [...methods, 'HEAD'] : methods
  return function methodNotAllowed() {
    const allow = allowed.join(', ')
    throw new ApiError('method_not_allowed', `Use one of ${allow}.`, { headers: { allow } })
  }
}
