import { zValidator } from '@hono/zod-validator'
import type { MiddlewareHandler } from 'hono'
import { createMiddleware } from 'hono/factory'
import * as z from 'zod'
import { issuesOf } from '../../encoding/issues.ts'
import { ApiError, ERRORS, type Issue, invalidRequest } from '../../errors.ts'
import type { Answer } from '../../handlers/handler.ts'
import { jurisdiction } from '../../routes/fields.ts'
import { hasEntityTag, type Operation } from '../../routes/operation.ts'
import { jurisdictionHeader } from '../../upstream/client.ts'
import type { AppContext, AppEnv, RequestParams } from '../context.ts'
import type { Dialect } from '../dialect.ts'
import { headersOf, type ResponseMeta } from '../headers.ts'
import { inFormat } from './formats.ts'
import { MISSHAPEN, type Shape, shapeOf } from './shape.ts'

/**
 * The warden's own dialect: resources as plain JSON in camelCase, the jurisdiction in the query,
 * errors as RFC 9457 problem documents. Unknown parameters and fields are refused by name.
 */
export const v1: Dialect = {
  name: 'v1',
  path: ({ only, path }) => (only === undefined ? `/v1${path}` : only === 'v1' ? path : null),
  ask,
  body,
  success,
  decision: (context, described) => json(context.get('requestId'), 200, described),
  failure,
}

const dryRun = z.enum(['true', 'false']).transform((text) => text === 'true')

/** All parameters that an operation takes in the query of v1. */
export function queryOf({ target, changes, query }: Operation) {
  return z.strictObject({
    ...(target !== 'account' && { jurisdiction: jurisdiction.default('default') }),
    ...(changes && {
      dryRun: dryRun.default(false).meta({
        description: 'Answer with the decision and send nothing upstream',
        override: { type: 'boolean' },
      }),
    }),
    ...query?.shape,
  })
}

interface Prepared {
  readonly schema: ReturnType<typeof queryOf>
  readonly defaults: RequestParams
  /** By the text of the query. */
  readonly queries: Map<string, RequestParams>
  readonly shape: Shape
  /** By the answer of upstream's that they were made of. */
  readonly bodies: WeakMap<Answer, string>
}

/** Schemas are made when an operation is first asked for, not while the Worker starts. */
const prepared = new WeakMap<Operation, Prepared>()

function prepare(operation: Operation): Prepared {
  const known = prepared.get(operation)
  if (known) return known
  const schema = queryOf(operation)
  const made = {
    schema,
    defaults: paramsOf(operation, schema.parse({})),
    queries: new Map(),
    shape: shapeOf(operation.result ?? z.unknown()),
    bodies: new WeakMap(),
  }
  prepared.set(operation, made)
  return made
}

/** What is public is asked by probes and browsers, with whatever query they like: nothing is read from it. */
function ask(operation: Operation, context: AppContext): RequestParams {
  const { schema, defaults, queries } = prepare(operation)
  const { url } = context.req
  if (operation.access !== 'public') refuseHeader(context)
  const start = url.indexOf('?')
  if (start === -1 || operation.access === 'public') return defaults
  const text = url.slice(start)
  const known = queries.get(text)
  if (known) return known
  const asked = paramsOf(operation, readQuery(schema, text))
  if (queries.size >= MAX_QUERIES) queries.clear()
  queries.set(text, asked)
  return asked
}

/** As v4 refuses the query: passed over, it would mean another bucket than its sender meant. */
function refuseHeader(context: AppContext): void {
  if (context.req.raw.headers.get(OF_V4) === null) return
  throw invalidRequest([{ in: 'header', pointer: OF_V4, message: 'the jurisdiction goes in the query here' }])
}

const OF_V4 = 'cf-r2-jurisdiction'

/** Of one operation: what most requests ask, others have asked before. */
const MAX_QUERIES = 200

/** Reads the query. What stands in it twice, isn't known or isn't valid is refused by name. */
function readQuery<T extends z.ZodType>(schema: T, text: string): z.output<T> {
  const parameters = new URLSearchParams(text)
  const twice = [...new Set(parameters.keys())].filter((name) => parameters.getAll(name).length > 1)
  if (twice.length > 0) throw invalidRequest(twice.map((name) => issue(name, 'stands more than once')))
  const parsed = schema.safeParse(Object.fromEntries(parameters))
  if (!parsed.success) throw invalidRequest(issuesOf('query', parsed.error.issues))
  return parsed.data
}

/** Parameters as the operation has them; on the whole account none of them says where. */
function paramsOf({ target }: Operation, parameters: Record<string, unknown>): RequestParams {
  if (target === 'account')
    return { jurisdiction: 'default', dryRun: false, query: parameters, headers: NO_HEADERS }
  const { jurisdiction: place, dryRun: isDry, ...query } = parameters
  const named = jurisdiction.parse(place)
  return { jurisdiction: named, dryRun: isDry === true, query, headers: jurisdictionHeader(named) }
}

const NO_HEADERS = {}

const issue = (name: string, message: string): Issue => ({ in: 'query', pointer: `/${name}`, message })

type Body = Pick<Operation, 'method' | 'body' | 'bodyOptional'>

function body(operation: Body): readonly MiddlewareHandler<AppEnv>[] {
  if (operation.body) return [requireJson(operation), parseBody(operation.body, operation)]
  return operation.method === 'post' ? [refuseBody] : []
}

/** Who sends a body to what takes none meant something by it. */
const refuseBody = createMiddleware<AppEnv>(async function refuseBody(context, next) {
  if (hasBody(context) && (await context.req.text()) !== '')
    throw invalidRequest([{ in: 'body', pointer: '', message: 'takes none; parameters go in the query' }])
  return next()
})

/** zValidator takes a body of another type for `{}`, so the type is demanded first. */
function requireJson({ bodyOptional }: Body) {
  return createMiddleware<AppEnv>(async function requireJson(context, next) {
    if (bodyOptional && !hasBody(context)) return next()
    const mediaType = context.req.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
    if (mediaType !== 'application/json')
      throw new ApiError('unsupported_media_type', 'Send the body with Content-Type: application/json.')
    return next()
  })
}

function parseBody(schema: z.ZodType, { bodyOptional }: Body) {
  const validate: MiddlewareHandler = zValidator('json', schema, (result) => {
    if (!result.success) throw invalidRequest(issuesOf('body', result.error.issues))
  })
  return createMiddleware<AppEnv>(async function parseBody(context, next) {
    if (bodyOptional && !hasBody(context)) return next()
    return validate(context, next)
  })
}

function hasBody(context: AppContext): boolean {
  return context.req.raw.body !== null && context.req.header('content-length') !== '0'
}

function success(
  operation: Operation,
  context: AppContext,
  _asked: RequestParams,
  answer: Answer,
  meta: ResponseMeta,
): Response | Promise<Response> {
  const { result, status } = answer
  if (operation.formats) return inFormat(operation.formats, context, result)
  const headers = headersOf(context.get('requestId'), meta)
  if (operation.result === undefined || (operation.changes && isEmpty(result)))
    return new Response(null, { status: 204, headers })
  headers['content-type'] = 'application/json'
  return new Response(bodyOf(operation, answer), {
    status: status ?? operation.status ?? 200,
    headers,
  })
}

/** What the warden itself answers has its shape already; what upstream answered is given one, once for each text. */
function bodyOf(operation: Operation, answer: Answer): string {
  if (operation.only) return JSON.stringify(answer.result)
  const own = prepare(operation)
  if (!hasEntityTag(operation)) return JSON.stringify(shaped(own, answer.result))
  const known = own.bodies.get(answer)
  if (known !== undefined) return known
  const made = JSON.stringify(shaped(own, answer.result))
  own.bodies.set(answer, made)
  return made
}

function shaped({ shape }: Prepared, result: unknown): unknown {
  const made = shape(result)
  if (made !== MISSHAPEN) return made
  const plain = shape(withoutNulls(result))
  if (plain !== MISSHAPEN) return plain
  throw new ApiError('upstream_error', 'Cloudflare gave an answer of another shape.')
}

/** Where a field may be absent, upstream may have it null. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => (item === null ? [] : [[name, withoutNulls(item)]])),
  )
}

function json(requestId: string, status: number, body: unknown): Response {
  const headers = { ...headersOf(requestId), 'content-type': 'application/json' }
  return new Response(JSON.stringify(body), { status, headers })
}

/** Cloudflare answers some changes with `null` or `{}`, whatever its description says. */
function isEmpty(result: unknown): boolean {
  return result === null || (typeof result === 'object' && Object.keys(result).length === 0)
}

/** RFC 9457. `code` is the contract; the `type` leads to its description. */
function failure(error: ApiError, requestId: string): Response {
  const { code, status, message, members } = error
  const problem = {
    type: `/docs/errors#${code}`,
    title: ERRORS[code].title,
    status,
    code,
    detail: message,
    requestId,
  }
  return new Response(JSON.stringify({ ...problem, ...members }), {
    status,
    headers: { ...headersOf(requestId), 'content-type': 'application/problem+json', ...error.headers },
  })
}
