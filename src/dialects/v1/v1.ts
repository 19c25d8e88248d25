import { zValidator } from '@hono/zod-validator'
import type { MiddlewareHandler } from 'hono'
import { createMiddleware } from 'hono/factory'
import * as z from 'zod'
import { issuesOf } from '../../encoding/issues.ts'
import { ApiError, ERRORS, type Issue, invalidRequest } from '../../errors.ts'
import type { AppContext, AppEnv } from '../../gateway/context.ts'
import { jurisdiction } from '../../routes/fields.ts'
import type { Operation } from '../../routes/operation.ts'
import { jurisdictionHeader } from '../../upstream/client.ts'
import type { Answered, Asked, BodyOf, Dialect } from '../dialect.ts'
import { headersOf, type Told } from '../headers.ts'

/**
 * The warden's own dialect: resources as plain JSON in camelCase, the jurisdiction in the query,
 * errors as RFC 9457 problem documents. Unknown parameters and fields are refused by name.
 */
export const v1: Dialect = {
  name: 'v1',
  path: (operation) => `/v1${operation.path}`,
  ask,
  body: (operation) => (operation.body ? [requireJson(operation), parseBody(operation.body, operation)] : []),
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
  readonly defaults: Asked
}

/** Schemas are made when an operation is first asked for, not while the Worker starts. */
const prepared = new WeakMap<Operation, Prepared>()

function prepare(operation: Operation): Prepared {
  const known = prepared.get(operation)
  if (known) return known
  const schema = queryOf(operation)
  const made = { schema, defaults: askedOf(schema.parse({})) }
  prepared.set(operation, made)
  return made
}

function ask(operation: Operation, context: AppContext): Asked {
  const { schema, defaults } = prepare(operation)
  return context.req.url.includes('?') ? askedOf(readQuery(schema, context)) : defaults
}

/** Reads the query. What stands in it twice, isn't known or isn't valid is refused by name. */
export function readQuery<T extends z.ZodType>(schema: T, context: AppContext): z.output<T> {
  const { url } = context.req
  const start = url.indexOf('?')
  const parameters = new URLSearchParams(start === -1 ? '' : url.slice(start))
  const twice = [...new Set(parameters.keys())].filter((name) => parameters.getAll(name).length > 1)
  if (twice.length > 0) throw invalidRequest(twice.map((name) => issue(name, 'stands more than once')))
  const parsed = schema.safeParse(Object.fromEntries(parameters))
  if (!parsed.success) throw invalidRequest(issuesOf('query', parsed.error.issues))
  return parsed.data
}

function askedOf(parameters: Record<string, unknown>): Asked {
  const { jurisdiction: place = 'default', dryRun: isDry = false, ...query } = parameters
  const named = jurisdiction.parse(place)
  return { jurisdiction: named, dryRun: isDry === true, query, headers: jurisdictionHeader(named) }
}

const issue = (name: string, message: string): Issue => ({ in: 'query', pointer: `/${name}`, message })

/** zValidator takes a body of another type for `{}`, so the type is demanded first. */
function requireJson({ bodyOptional }: BodyOf) {
  return createMiddleware<AppEnv>(async function requireJson(context, next) {
    if (bodyOptional && !hasBody(context)) return next()
    const mediaType = context.req.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
    if (mediaType !== 'application/json')
      throw new ApiError('unsupported_media_type', 'Send the body with Content-Type: application/json.')
    return next()
  })
}

function parseBody(schema: z.ZodType, { bodyOptional }: BodyOf) {
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

function success(operation: Operation, context: AppContext, { result }: Answered, told: Told): Response {
  const headers = headersOf(context.get('requestId'), told)
  if (operation.result === undefined || (operation.changes && isEmpty(result)))
    return new Response(null, { status: 204, headers })
  const shaped = operation.result.safeParse(result)
  if (!shaped.success) throw new ApiError('upstream_error', 'Cloudflare gave an answer of another shape.')
  headers['content-type'] = 'application/json'
  return new Response(JSON.stringify(shaped.data), { status: operation.status ?? 200, headers })
}

export function json(requestId: string, status: number, body: unknown, told?: Told): Response {
  const headers = { ...headersOf(requestId, told), 'content-type': 'application/json' }
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
