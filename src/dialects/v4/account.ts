import * as z from 'zod'
import { issuesOf } from '../../encoding/issues.ts'
import { refusalOf } from '../../enforcement/authorize.ts'
import { ApiError, invalidRequest } from '../../errors.ts'
import type { App, AppContext } from '../../gateway/context.ts'
import { identified, methodNotAllowed, upstreamOf } from '../../gateway/mount.ts'
import type { Principal } from '../../identity/authenticate.ts'
import { decide, decideAccess, type Facts } from '../../policy/decide.ts'
import { JURISDICTIONS } from '../../policy/names.ts'
import { mayNotify } from '../../policy/queues.ts'
import { bucketName } from '../../routes/fields.ts'
import { enveloped } from './envelope.ts'
import { demandOwnAccount, queryParameters, V4, V4_ACCOUNT } from './v4.ts'

/**
 * What wrangler and the SDKs ask around the operations: who am I, which account, which queue. All of it is
 * answered for the caller, and of the caller only.
 */
export function mountSurroundings(app: App): void {
  const get = (
    path: string,
    answer: (context: AppContext, caller: Principal) => Promise<Response> | Response,
  ) => {
    app.get(path, identified, (context: AppContext) => answer(context, callerOf(context)))
    app.all(path, methodNotAllowed(['GET']))
  }
  get(`${V4}/user/tokens/verify`, (context, { keyId, expiresAt }) => {
    const result = { id: keyId, status: 'active', expires_on: new Date(expiresAt).toISOString() }
    return enveloped(context.get('requestId'), 200, { result })
  })
  get(`${V4}/user`, (context, { keyId, team }) => {
    const result = { id: keyId, email: `${team}@r2-warden.invalid` }
    return enveloped(context.get('requestId'), 200, { result })
  })
  get(`${V4}/accounts`, (context, { team }) => one(context, accountOf(context, team)))
  get(`${V4}/memberships`, (context, { team, keyId }) => {
    const account = accountOf(context, team)
    return one(context, { id: keyId, status: 'accepted', account, roles: [`team ${team}`] })
  })
  get(`${V4_ACCOUNT}/queues`, queues)
  app.post(`${V4}/graphql`, identified, graphql)
  app.all(`${V4}/graphql`, methodNotAllowed(['POST']))
}

function callerOf(context: AppContext): Principal {
  const caller = context.get('caller')
  if (!caller) throw new TypeError('nobody was identified')
  return caller
}

/** The one account there is, under the team's name. */
function accountOf({ env }: AppContext, team: string) {
  return { id: env.CLOUDFLARE_ACCOUNT_ID ?? '', name: team, type: 'standard' }
}

function one(context: AppContext, item: unknown): Response {
  const result_info = { page: 1, per_page: 20, count: 1, total_count: 1, total_pages: 1 }
  return enveloped(context.get('requestId'), 200, { result: [item], result_info })
}

const count = (max: number, usual: number) =>
  z
    .string()
    .regex(/^[1-9][0-9]{0,4}$/, 'a whole number from 1 on')
    .transform(Number)
    .pipe(z.int().max(max))
    .default(usual)

const queuesQuery = z.strictObject({
  page: count(10_000, 1),
  per_page: count(100, 100),
  name: z.string().max(63).exactOptional(),
})
const queueList = z.array(z.object({ queue_id: z.string(), queue_name: z.string() }))
const pageInfo = z.looseObject({ total_pages: z.number().optional() })
const MAX_PAGES = 50

/** The queues that the caller's policy lets them notify, and of those the ids and names only. */
async function queues(context: AppContext, caller: Principal): Promise<Response> {
  demandOwnAccount(context)
  demandNotifications(caller)
  const { policy } = caller
  const asked = queuesQuery.safeParse(Object.fromEntries(queryParameters(context)))
  if (!asked.success) throw invalidRequest(issuesOf('query', asked.error.issues))
  const { page, per_page, name } = asked.data
  const upstream = upstreamOf(context.env)
  const found: z.output<typeof queueList> = []
  for (let at = 1, last = 1; at <= last && at <= MAX_PAGES; at++) {
    const query = { page: String(at), ...(name !== undefined && { name }) }
    const { result, result_info } = await upstream.call({ method: 'GET', path: ['queues'], query })
    const parsed = queueList.safeParse(result)
    if (!parsed.success) throw new ApiError('upstream_error', 'Cloudflare gave an answer of another shape.')
    found.push(...parsed.data.filter(({ queue_id }) => mayNotify(policy, queue_id)))
    last = pageInfo.safeParse(result_info ?? {}).data?.total_pages ?? 1
  }
  const wanted = name === undefined ? found : found.filter(({ queue_name }) => queue_name === name)
  const result = wanted.slice((page - 1) * per_page, page * per_page)
  const total_pages = Math.max(1, Math.ceil(wanted.length / per_page))
  const result_info = { page, per_page, count: result.length, total_count: wanted.length, total_pages }
  return enveloped(context.get('requestId'), 200, { result, result_info })
}

/** Who may notify no queue, nor stop it, is told so: an empty list would read as if there were none. */
function demandNotifications(caller: Principal): void {
  const asked: Facts[] = ['buckets.eventNotifications.update', 'buckets.eventNotifications.delete'].flatMap(
    (operation) =>
      JURISDICTIONS.map((jurisdiction) => ({ operation, jurisdiction, bucket: null, listing: true })),
  )
  const decided = asked.map((facts) => ({ facts, decision: decideAccess(caller.policy, facts) }))
  if (decided.some(({ decision }) => decision.allowed)) return
  for (const { facts, decision } of decided) if (!decision.allowed) throw refusalOf(caller, facts, decision)
}

/** What `wrangler r2 bucket info` asks: its bucket is `name`, or `jurisdiction_name`. */
const metricsRequest = z.looseObject({
  operationName: z.literal('getR2StorageMetrics'),
  variables: z.strictObject({
    accountTag: z.string(),
    filter: z.strictObject({
      datetime_geq: z.iso.datetime(),
      datetime_leq: z.iso.datetime(),
      bucketName: z.string(),
    }),
  }),
})

/** Passes on one question, in the warden's words and for a bucket that the caller may see. Any other is refused. */
async function graphql(context: AppContext): Promise<Response> {
  const caller = callerOf(context)
  const parsed = metricsRequest.safeParse(await context.req.json().catch(() => null))
  const { accountTag, filter } = parsed.data?.variables ?? {}
  const asked = bucketOf(filter?.bucketName ?? '')
  if (!filter || !asked || accountTag !== context.env.CLOUDFLARE_ACCOUNT_ID)
    throw new ApiError(
      'not_offered',
      'GraphQL: only the storage of one bucket, as `wrangler r2 bucket info` asks for it.',
    )
  const facts: Facts = { operation: 'buckets.get', ...asked }
  const decision = decide(caller.policy, facts)
  if (!decision.allowed) throw refusalOf(caller, facts, decision)
  const answer = await upstreamOf(context.env).storageMetrics(filter)
  return Response.json(answer, {
    headers: { 'cache-control': 'no-store', 'x-request-id': context.get('requestId') },
  })
}

function bucketOf(text: string): { jurisdiction: string; bucket: string } | null {
  const [first, second] = text.split('_', 2)
  const [jurisdiction, name] = second === undefined ? ['default', first] : [first, second]
  const bucket = bucketName.safeParse(name).data
  const place = JURISDICTIONS.find((known) => known === jurisdiction)
  return bucket && place && text.split('_').length <= 2 ? { jurisdiction: place, bucket } : null
}
