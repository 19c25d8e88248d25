import type { Handler } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Asked, Dialect } from '../dialects/dialect.ts'
import { headersOf } from '../dialects/headers.ts'
import { entityTagOfAnswer } from '../encoding/etag.ts'
import { refusalOf } from '../enforcement/authorize.ts'
import type { Env } from '../env.ts'
import { ApiError } from '../errors.ts'
import { identify, type Principal } from '../identity/authenticate.ts'
import { isNotModified } from '../lanes/preconditions.ts'
import { log } from '../log.ts'
import { decide, type Facts } from '../policy/decide.ts'
import type { PathParameter } from '../routes/fields.ts'
import { factsOf, hasEntityTag, type Operation, type Params, type Resource } from '../routes/operation.ts'
import { parametersIn, readParameter } from '../routes/path-parameters.ts'
import { settingsOf } from '../settings.ts'
import { upstreamCall } from '../upstream/call.ts'
import { createUpstream, type Upstream } from '../upstream/client.ts'
import { sendChange } from './changes.ts'
import type { App, AppContext, AppEnv } from './context.ts'

/** What is known of a request before its body is read. */
export interface Admitted {
  readonly principal: Principal
  readonly params: Params
  readonly asked: Asked
  readonly upstream: Upstream
}

const guarded = new WeakSet<object>()

/** Whether a handler is one that `mount` attached, behind identity and policy. */
export const isGuarded = (handler: object) => guarded.has(handler)

/**
 * Mounts operations in a dialect. This is the only place where a handler of an operation is attached,
 * and what it attaches asks who is calling and whether they may: there is no way to leave that out.
 */
export function mount(app: App, resources: readonly Resource[], dialect: Dialect): void {
  const operations = resources.flatMap(({ operations }) => operations)
  const methods = new Map<string, string[]>()
  for (const operation of operations) {
    const [method, path] = [operation.method.toUpperCase(), dialect.path(operation)]
    app.on(method, path, admit(operation, dialect), ...dialect.body(operation), guard(operation, dialect))
    methods.set(path, [...(methods.get(path) ?? []), method])
  }
  for (const [path, allowed] of methods) app.all(path, methodNotAllowed(allowed))
}

/** Names, then settings, then the caller, then the query: the first that fails answers, and nothing was sent. */
function admit(operation: Operation, dialect: Dialect) {
  const names = parametersIn(operation.path)
  return createMiddleware<AppEnv>(async function admit(context, next) {
    const params = readParams(names, context)
    const upstream = upstreamOf(context.env)
    const found = identifyCaller(context, operation.changes !== undefined)
    const principal = found instanceof Promise ? await found : found
    const asked = dialect.ask(operation, context)
    context.set('admitted', { principal, params, asked, upstream })
    await next()
  })
}

/** The upstream of one request. Throws while a setting is missing or wrong. */
export const upstreamOf = (env: Env): Upstream => createUpstream(settingsOf(env))

/** Who sends this request. Throws for anybody who can't prove it. */
function identifyCaller(context: AppContext, changes: boolean): Principal | Promise<Principal> {
  return identify({
    authorization: context.req.raw.headers.get('authorization'),
    db: context.env.DB,
    now: Date.now(),
    changes,
    waitUntil: (work) => context.executionCtx.waitUntil(work),
  })
}

/** Asks who is calling, for routes that need to know and nothing more. */
export const identified = createMiddleware<AppEnv>(async function identified(context, next) {
  context.set('caller', await identifyCaller(context, false))
  await next()
})

function readParams(names: readonly PathParameter[], context: AppContext): Params {
  return Object.fromEntries(names.map((name) => [name, readParameter(name, context)]))
}

function guard(operation: Operation, dialect: Dialect): Handler<AppEnv> {
  const answer = operation.changes ? change(operation, dialect) : read(operation, dialect)
  guarded.add(answer)
  return answer
}

function read(operation: Operation, dialect: Dialect): Handler<AppEnv> {
  const isTagged = hasEntityTag(operation)
  const callOf = upstreamCall(operation)
  return async function readOperation(context) {
    const { principal, params, asked, upstream } = context.get('admitted')
    const input = { params, jurisdiction: asked.jurisdiction, query: asked.query, body: undefined }
    const facts = factsOf(operation, input)
    const decision = decide(principal.policy, facts)
    if (!decision.allowed) throw refusalOf(principal, facts, decision)
    const requestId = context.get('requestId')
    logRead(requestId, principal, facts)
    if (operation.answer) {
      const result = await operation.answer(input, { principal, upstream })
      return dialect.success(operation, context, { result }, {})
    }
    const arrived = await upstream.call(callOf({ params, headers: asked.headers }))
    const entityTag = isTagged ? entityTagOfAnswer(arrived) : null
    if (entityTag !== null && isNotModified(context.req.raw.headers, entityTag))
      return new Response(null, { status: 304, headers: headersOf(requestId, { entityTag }) })
    return dialect.success(operation, context, arrived, { entityTag })
  }
}

function change(operation: Operation, dialect: Dialect): Handler<AppEnv> {
  return async function changeOperation(context) {
    const { principal, params, asked } = context.get('admitted')
    const { jurisdiction, query, headers, dryRun } = asked
    const body = operation.body ? context.req.valid('json' as never) : undefined
    const input = { params, jurisdiction, query, body }
    const changed = await sendChange(context, principal, {
      operation,
      input,
      headers,
      dialect: dialect.name,
      dryRun,
    })
    if (changed.kind === 'decision') return dialect.decision(context, changed.described)
    const { done, replayed } = changed
    try {
      return dialect.success(operation, context, done, { ...done, replayed })
    } catch (error) {
      throw error instanceof ApiError ? afterAll(error, context.get('requestId')) : error
    }
  }
}

/** An answer that can't be shown is no sign that nothing happened. */
function afterAll(error: ApiError, id: string): ApiError {
  const message = `The change happened, but: ${error.message} GET /v1/audit/${id} has its record.`
  return error.with({ message, members: { audit: id } })
}

/** Reads are in the log only; changes are in the audit trail too. */
function logRead(
  requestId: string,
  { team, keyId }: Principal,
  { operation, jurisdiction, bucket }: Facts,
): void {
  log('info', 'read', { requestId, team, keyId, operation, jurisdiction, bucket })
}

/** Answers what no other handler of the path took. */
export function methodNotAllowed(methods: readonly string[]): Handler<AppEnv> {
  const allowed = methods.includes('GET') ? [...methods, 'HEAD'] : methods
  return function methodNotAllowed() {
    const allow = allowed.join(', ')
    throw new ApiError('method_not_allowed', `Use one of ${allow}.`, { headers: { allow } })
  }
}
