import type * as z from 'zod'
import { issuesOf } from '../../encoding/issues.ts'
import { ApiError, invalidRequest } from '../../errors.ts'
import type { BucketPage, Listing } from '../../handlers/buckets/list.ts'
import type { Answer } from '../../handlers/handler.ts'
import { jurisdiction } from '../../routes/fields.ts'
import type { Operation } from '../../routes/operation.ts'
import { checkSettings } from '../../settings.ts'
import { upstreamPathOf } from '../../upstream/call.ts'
import type { UpstreamHeaders } from '../../upstream/client.ts'
import type { AppContext, RequestParams } from '../context.ts'
import type { Dialect } from '../dialect.ts'
import { headersOf, type ResponseMeta } from '../headers.ts'
import { refuseJurisdiction } from './account-wide.ts'
import { readBody } from './body.ts'
import { enveloped, failed } from './envelope.ts'
import { misdirectedJurisdiction } from './hints.ts'
import { listQuery, toListing } from './listing.ts'

export const V4 = '/client/v4'
const ACCOUNT = '/accounts/:account'

/**
 * Cloudflare's own dialect: its paths, headers, bodies and envelope, so that wrangler, the official SDKs and
 * Terraform work with a team key where a token would go. A body passes through with whatever fields it has;
 * what policy judges is the same parsed value that goes up.
 */
export const v4: Dialect = {
  name: 'v4',
  path(operation) {
    if (operation.only !== undefined) return operation.only === 'v4' ? V4 + operation.path : null
    return V4 + ACCOUNT + upstreamPathOf(operation)
  },
  ask,
  body: (operation) => (operation.body ? [readBody(operation)] : []),
  success,
  decision: (context, described) => enveloped(context.get('requestId'), 200, { result: described }),
  failure: failed,
}

function ask(operation: Operation, context: AppContext): RequestParams {
  if (operation.only !== undefined) return askAround(operation, context)
  demandOwnAccount(context)
  refuseJurisdiction(operation, context)
  const named = context.req.header('cf-r2-jurisdiction')
  const place = jurisdiction.safeParse(named ?? 'default')
  if (!place.success)
    throw invalidHeader('cf-r2-jurisdiction', `${JSON.stringify(named)} is not a jurisdiction`)
  const headers: UpstreamHeaders = {
    ...(named !== undefined && { 'cf-r2-jurisdiction': place.data }),
    ...(operation.changes && checksCatalog(context) && { 'cf-r2-data-catalog-check': 'true' }),
  }
  return { jurisdiction: place.data, dryRun: false, query: queryOf(operation, context), headers }
}

/** What stands around R2 is in no jurisdiction; what of its query isn't known says nothing here. */
function askAround({ path, query: schema }: Operation, context: AppContext): RequestParams {
  if (path.startsWith(ACCOUNT)) demandOwnAccount(context)
  const query = schema ? readQuery(schema, context) : {}
  return { jurisdiction: 'default', dryRun: false, query, headers: {} }
}

/** The account in the path is compared and never used: the URL that goes up has the configured one. */
function demandOwnAccount(context: AppContext): void {
  const { settings } = checkSettings(context.env)
  const asked = context.req.param('account')
  if (settings && asked === settings.accountId) return
  const detail = `This warden is for another account than ${JSON.stringify(asked)}: set CLOUDFLARE_ACCOUNT_ID to its own.`
  throw new ApiError('forbidden', detail)
}

/** wrangler asks to be told before a change that Data Catalog might not survive. */
function checksCatalog(context: AppContext): boolean {
  return context.req.header('cf-r2-data-catalog-check') === 'true'
}

function queryOf({ target }: Operation, context: AppContext): unknown {
  if (target === 'listing') return toListing(readQuery(listQuery, context))
  queryParameters(context)
  return {}
}

/** Reads the parameters that are known, each once. As of a body's fields, what isn't known passes. */
function readQuery<T extends z.ZodObject>(schema: T, context: AppContext): z.output<T> {
  const known = [...queryParameters(context)].filter(([name]) => Object.hasOwn(schema.shape, name))
  const names = known.map(([name]) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    throw invalidRequest([{ in: 'query', pointer: `/${twice}`, message: 'stands more than once' }])
  const parsed = schema.safeParse(Object.fromEntries(known))
  if (!parsed.success) throw invalidRequest(issuesOf('query', parsed.error.issues))
  return parsed.data
}

/** The parameters of the query. One that would say where, and isn't read, would change the wrong bucket. */
function queryParameters(context: AppContext): URLSearchParams {
  const start = context.req.url.indexOf('?')
  const parameters = new URLSearchParams(start === -1 ? '' : context.req.url.slice(start))
  if (parameters.has('jurisdiction') || parameters.has('cf-r2-jurisdiction'))
    throw misdirectedJurisdiction('query')
  return parameters
}

function invalidHeader(name: string, message: string): ApiError {
  return new ApiError('invalid_request', `Header ${name}: ${message}.`)
}

function success(
  { target, isBare }: Operation,
  context: AppContext,
  asked: RequestParams,
  { result, result_info, messages = [] }: Answer,
  meta: ResponseMeta,
): Response {
  const requestId = context.get('requestId')
  if (isBare) return Response.json(result, { headers: headersOf(requestId, meta) })
  const warned = meta.warnings?.map(({ guardrail, message }) => `guardrail ${guardrail}: ${message}`) ?? []
  const all = [...messages, ...warned]
  if (target !== 'listing') return enveloped(requestId, 200, { result, result_info, messages: all }, meta)
  return enveloped(requestId, 200, { ...page(result as BucketPage, asked), messages: all }, meta)
}

function page({ buckets, nextCursor }: BucketPage, { query }: RequestParams): Answer {
  const { perPage } = query as Pick<Listing, 'perPage'>
  return {
    result: { buckets },
    result_info: { per_page: perPage, ...(nextCursor && { cursor: nextCursor }) },
  }
}
