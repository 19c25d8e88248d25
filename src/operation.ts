import type { Handler } from 'hono'
import { createMiddleware } from 'hono/factory'
import type * as z from 'zod'
import type { App, AppContext, AppEnv } from './app.ts'
import type { Asked, Dialect } from './dialects/dialect.ts'
import { checkSettings, type Env } from './env.ts'
import { ApiError, type ErrorCode } from './errors.ts'
import { identify, type Principal } from './identity/identify.ts'
import { log } from './log.ts'
import type { Policy } from './policy/compile.ts'
import {
  currentNeeds,
  type Decision,
  decide,
  decideAccess,
  type Facts,
  type Need,
  type Refused,
  type Verdict,
} from './policy/decide.ts'
import type { Jurisdiction } from './policy/document.ts'
import { explainDecision, explainRefusal, verdictsOf, violationsOf } from './policy/explain.ts'
import { type PathParameter, pathParameters } from './routes/names.ts'
import {
  createUpstream,
  jurisdictionHeader,
  type Upstream,
  type UpstreamCall,
  type UpstreamHeaders,
} from './upstream/client.ts'

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

type Params = Readonly<Partial<Record<PathParameter, string>>>

/** What one operation is asked with, parsed. */
export interface Input<Body = unknown, Query = unknown> {
  readonly params: Params
  readonly jurisdiction: Jurisdiction
  readonly query: Query
  readonly body: Body
}

/** What an operation that is more than one call to upstream may use. */
export interface Means {
  readonly principal: Principal
  readonly upstream: Upstream
}

/** One operation on R2, declared once: everything else that speaks of it derives from this. */
export interface Operation<Body = unknown, Query = unknown> {
  /** Named as Cloudflare's SDKs name it without the leading `r2.`; it is the permission too. */
  readonly name: string
  readonly method: Method
  /** In v1 below `/v1`; upstream below `/accounts/{account_id}/r2`, unless `upstreamPath` says otherwise. */
  readonly path: string
  readonly upstreamPath?: string
  readonly summary: string
  readonly description?: string
  /** What the operation is on: a bucket (the default), the whole account, or the buckets that may be seen. */
  readonly target?: 'bucket' | 'account' | 'listing'
  /** Whether it changes anything: then it can be tried with `dryRun`, and is never sent upstream twice. */
  readonly changes?: boolean
  /** The parameters beside `jurisdiction` and `dryRun`. */
  readonly query?: z.ZodObject & z.ZodType<Query>
  readonly body?: z.ZodType<Body>
  readonly bodyOptional?: boolean
  /** The fields of the body that upstream takes as headers: then it takes no body. */
  readonly inHeaders?: { readonly [field: string]: 'cf-r2-storage-class' }
  /** The shape of the answer on v1. Without one, success has nothing to say: 204. */
  readonly result?: z.ZodType
  readonly status?: 200 | 201
  /** Refusals of Cloudflare's that it can meet beside those of every operation, for the documentation. */
  readonly refusals?: readonly ErrorCode[]
  /** Which bucket, where the path doesn't name it. */
  bucket?(body: Body): string
  /** Answers with the result by other means than one call to upstream. */
  answer?(input: Input<Body, Query>, means: Means): Promise<unknown>
}

/** The operations of one resource; the title heads them in the documentation. */
export interface Resource {
  readonly title: string
  readonly operations: readonly Operation[]
}

/** Declares an operation. The schemas give the functions their types. */
export function operation<Body, Query>(declared: Operation<Body, Query>): Operation {
  return declared as Operation
}

export function resource(title: string, operations: readonly Operation[]): Resource {
  return { title, operations }
}

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
  const judge = createJudge(operations)
  const methods = new Map<string, string[]>()
  for (const operation of operations) {
    const [method, path] = [operation.method.toUpperCase(), dialect.path(operation)]
    app.on(
      method,
      path,
      admit(operation, dialect),
      ...dialect.body(operation),
      guard(operation, dialect, judge),
    )
    methods.set(path, [...(methods.get(path) ?? []), method])
  }
  for (const [path, allowed] of methods) app.all(path, methodNotAllowed(allowed))
}

/** Names, then settings, then the caller, then the query: the first that fails answers, and nothing was sent. */
function admit(operation: Operation, dialect: Dialect) {
  const names = [...operation.path.matchAll(/:(\w+)/g)].map(([, name]) => name as PathParameter)
  return createMiddleware<AppEnv>(async function admit(context, next) {
    const params = readParams(names, context)
    const upstream = upstreamOf(context.env)
    const found = identifyCaller(context, operation.changes === true)
    const principal = found instanceof Promise ? await found : found
    const asked = dialect.ask(operation, context)
    context.set('admitted', { principal, params, asked, upstream })
    await next()
  })
}

/** The upstream of one request. Throws while a setting is missing or wrong. */
export function upstreamOf(env: Env): Upstream {
  const { settings } = checkSettings(env)
  if (settings) return createUpstream(settings)
  throw new ApiError('unavailable', 'The warden is not configured. GET /readyz says what is missing.')
}

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
  const params: Partial<Record<PathParameter, string>> = {}
  for (const name of names) {
    const parsed = pathParameters[name].safeParse(context.req.param(name))
    if (!parsed.success) {
      const detail = `The ${name} in the path is not valid: ${parsed.error.issues[0]?.message}.`
      throw new ApiError('invalid_path', detail)
    }
    params[name] = parsed.data
  }
  return params
}

function guard(operation: Operation, dialect: Dialect, judge: Judge): Handler<AppEnv> {
  const callOf = upstreamCall(operation)
  const handler: Handler<AppEnv> = async function guardedOperation(context) {
    const { principal, params, asked, upstream } = context.get('admitted')
    const body = operation.body ? context.req.valid('json' as never) : undefined
    const input = { params, jurisdiction: asked.jurisdiction, query: asked.query, body }
    const facts = factsOf(operation, input)
    const { policy } = principal
    const judged = judge(policy, facts, upstream)
    const decision = judged instanceof Promise ? await judged : judged
    if (asked.dryRun) return dialect.decision(context, explainDecision(policy, facts, decision))
    record(principal, facts, verdictsOf(decision))
    if (!decision.allowed) throw refusalOf(principal, facts, decision)
    const answered = operation.answer
      ? { result: await operation.answer(input, { principal, upstream }) }
      : await upstream.call(callOf({ params, headers: asked.headers, body }))
    return dialect.success(operation, context, answered, violationsOf(decision.verdicts, 'warn'))
  }
  guarded.add(handler)
  return handler
}

/** Decides a request after reading, for guardrails that compare, what is there now. */
export type Judge = (policy: Policy, facts: Facts, upstream: Upstream) => Decision | Promise<Decision>

/** Nothing is read for a request that is refused whatever is there. */
export function createJudge(operations: readonly Operation[]): Judge {
  const calls = new Map(operations.map((one) => [one.name, upstreamCall(one)] as const))
  async function judgeComparing(policy: Policy, facts: Facts, needs: readonly Need[], upstream: Upstream) {
    const access = decideAccess(policy, facts)
    if (!access.allowed) return access
    const { jurisdiction, bucket, domain } = facts
    const params = { ...(bucket !== null && { bucket }), ...(domain !== undefined && { domain }) }
    const read = async ({ operation, enforced }: Need) => {
      const callOf = calls.get(operation)
      if (!callOf) throw new TypeError(`no operation is called ${operation}`)
      try {
        const { result } = await upstream.call(callOf({ params, headers: jurisdictionHeader(jurisdiction) }))
        return [operation, result] as const
      } catch (error) {
        if (enforced) throw error
        return [operation, undefined] as const // a guardrail that only warns stops nothing
      }
    }
    const current = Object.fromEntries(await Promise.all(needs.map(read)))
    return decide(policy, { ...facts, current })
  }
  return function judge(policy, facts, upstream) {
    const needs = currentNeeds(policy, facts)
    return needs.length === 0 ? decide(policy, facts) : judgeComparing(policy, facts, needs, upstream)
  }
}

/** What guardrails let pass, they still put on record; an enforced one is on the record of the refusal. */
function record({ team, keyId }: Principal, facts: Facts, verdicts: readonly Verdict[]): void {
  for (const { guardrail, violations } of verdicts) {
    if (violations.length === 0 || guardrail.mode === 'enforce') continue
    const { operation, jurisdiction, bucket } = facts
    const pointers = violations.map(({ pointer }) => pointer)
    const { name, mode } = guardrail
    log('warn', 'guardrail violated', {
      operation,
      jurisdiction,
      bucket,
      team,
      keyId,
      guardrail: name,
      mode,
      pointers,
    })
  }
}

export function factsOf({ name, target, bucket }: Operation, { jurisdiction, params, body }: Input): Facts {
  const named = bucket && body !== undefined ? bucket(body) : params.bucket
  return {
    operation: name,
    jurisdiction,
    bucket: named ?? null,
    listing: target === 'listing',
    domain: params.domain,
    queueId: params.queueId,
    body,
    now: Date.now(),
  }
}

/** A refusal as an error for the caller, and a line for the log. */
export function refusalOf({ team, keyId }: Principal, facts: Facts, decision: Refused): ApiError {
  const { code, message, details = [], members } = explainRefusal(team, facts, decision)
  const { operation, jurisdiction, bucket } = facts
  log('warn', 'request refused', {
    operation,
    jurisdiction,
    bucket,
    team,
    keyId,
    code,
    reason: decision.reason.kind,
  })
  return new ApiError(code, message, { members, details })
}

interface Sent {
  readonly params: Params
  readonly headers: UpstreamHeaders
  readonly body?: unknown
}

/** Where an operation is upstream, below `/accounts/{account_id}`. */
export const upstreamPathOf = ({ path, upstreamPath }: Operation) => upstreamPath ?? `/r2${path}`

/** Builds the call of an operation: its own path with parsed names in it, never the caller's. */
function upstreamCall(operation: Operation): (asked: Sent) => UpstreamCall {
  const template = upstreamPathOf(operation).split('/').slice(1)
  const method = operation.method.toUpperCase() as UpstreamCall['method']
  return ({ params, headers, body }) => ({
    method,
    path: template.map((part) =>
      part.startsWith(':') ? (params[part.slice(1) as PathParameter] ?? '') : part,
    ),
    ...(operation.inHeaders
      ? { headers: { ...headers, ...namedIn(operation.inHeaders, body) } }
      : { headers, ...(body !== undefined && { body }) }),
  })
}

/** The fields of a parsed body under the names of the headers that stand for them. */
function namedIn(inHeaders: NonNullable<Operation['inHeaders']>, body: unknown): UpstreamHeaders {
  const fields = Object.entries(body as Record<string, string>)
  return Object.fromEntries(
    fields.flatMap(([field, value]) => (inHeaders[field] ? [[inHeaders[field], value]] : [])),
  )
}

/** Answers what no other handler of the path took. */
export function methodNotAllowed(methods: readonly string[]): Handler<AppEnv> {
  const allowed = methods.includes('GET') ? [...methods, 'HEAD'] : methods
  return function methodNotAllowed() {
    const allow = allowed.join(', ')
    throw new ApiError('method_not_allowed', `Use one of ${allow}.`, { headers: { allow } })
  }
}
