import type { Handler } from 'hono'
import { createMiddleware } from 'hono/factory'
import * as z from 'zod'
import { json, readQuery, v1 } from '../../dialects/v1/v1.ts'
import type { Env } from '../../env.ts'
import type { App, AppContext, AppEnv } from '../../gateway/context.ts'
import { identified, methodNotAllowed } from '../../gateway/mount.ts'
import type { Principal } from '../../identity/authenticate.ts'
import { log } from '../../log.ts'
import { problemWithShared } from '../../policy/stored.ts'
import { checkSettings } from '../../settings.ts'
import { findActivePolicy } from '../../store/policies.ts'
import { parametersIn, readParameter } from '../path-parameters.ts'
import { auditRoutes } from './audit.ts'
import { answer as decisionInFull, explain, question } from './explain.ts'
import type { ServiceAnswer, ServiceRoute } from './service-route.ts'

const patterns = z.array(z.string())

const identity = z
  .object({
    team: z.string(),
    key: z.object({
      id: z.string(),
      name: z.string(),
      expiresAt: z.iso.datetime(),
      scope: z
        .record(z.string(), z.unknown())
        .nullable()
        .meta({ description: "What narrows the team's grants" }),
    }),
    policyVersion: z.int().nullable(),
    grants: z.array(
      z.object({
        role: z.string(),
        permissions: patterns,
        buckets: patterns,
        jurisdictions: patterns,
      }),
    ),
    deny: z.array(
      z.object({
        name: z.string(),
        from: z.enum(['organization', 'team']),
        permissions: patterns,
        buckets: patterns,
        jurisdictions: patterns,
      }),
    ),
    limits: z.object({
      buckets: z.int().nullable().meta({
        description: 'How many buckets that it created the team may have at once; `null` is any number',
      }),
    }),
  })
  .meta({ id: 'Identity' })

const readiness = z
  .object({
    status: z.enum(['ready', 'not-ready']),
    policyVersion: z.int().nullable(),
    problems: z.array(z.string()).meta({ description: 'What an operator must mend' }),
  })
  .meta({ id: 'Readiness', examples: [{ status: 'ready', policyVersion: 3, problems: [] }] })

export const serviceRoutes: readonly ServiceRoute[] = [
  {
    path: '/v1/whoami',
    summary: 'Who is calling, and what binds them',
    access: 'identity',
    result: identity,
    statuses: [200],
    answer: (_context, principal) => ({ status: 200, body: describe(principal) }),
  },
  {
    path: '/v1/explain',
    method: 'post',
    summary: 'What policy says of a request, and why',
    description:
      'The full decision for the caller: the grants that were considered, the rule that decided, the verdict of ' +
      'each guardrail and, where nothing grants it, the smallest grant that would. Nothing is changed; what a ' +
      'guardrail compares with is read upstream. `team` or `keyId` asks for another and needs `warden.explain`.',
    access: 'identity',
    body: question,
    result: decisionInFull,
    statuses: [200],
    answer: async (context, principal) => ({
      status: 200,
      body: await explain(context, principal, question.parse(context.req.valid('json' as never))),
    }),
  },
  ...auditRoutes,
  {
    path: '/healthz',
    summary: 'Whether the warden is alive',
    access: 'public',
    result: z.object({ status: z.literal('ok') }).meta({ id: 'Health' }),
    statuses: [200],
    answer: () => ({ status: 200, body: { status: 'ok' } }),
  },
  {
    path: '/readyz',
    summary: 'Whether the warden can serve',
    description: 'Settings valid, store reachable, a policy in force. Names what is missing, never a value.',
    access: 'public',
    result: readiness,
    statuses: [200, 503],
    answer: ({ env }) => readyz(env),
  },
]

export function mountService(app: App): void {
  for (const route of serviceRoutes) {
    const method = (route.method ?? 'get').toUpperCase()
    app.on(
      method,
      [route.path],
      withParameters(route),
      ...(route.access === 'identity' ? [identified] : []),
      ...v1.body(route),
      answering(route),
    )
    app.all(route.path, methodNotAllowed([method]))
  }
}

/** A name that can't be one is refused before anybody is asked. */
function withParameters({ path }: ServiceRoute) {
  const names = parametersIn(path)
  return createMiddleware<AppEnv>(async function withParameters(context, next) {
    for (const name of names) readParameter(name, context)
    await next()
  })
}

function answering(route: ServiceRoute): Handler<AppEnv> {
  return async function serviceRoute(context) {
    const answered = await answer(route, context)
    return answered instanceof Response
      ? answered
      : json(context.get('requestId'), answered.status, answered.body)
  }
}

function answer(route: ServiceRoute, context: AppContext) {
  if (route.access === 'public') return route.answer(context)
  const caller = context.get('caller')
  if (!caller) throw new TypeError(`nobody was asked for at ${route.path}`)
  return route.answer(context, caller, route.query && readQuery(route.query, context))
}

function describe({ team, keyId, keyName, scope, expiresAt, policyVersion, policy }: Principal) {
  return {
    team,
    key: {
      id: keyId,
      name: keyName,
      expiresAt: new Date(expiresAt).toISOString(),
      scope: scope === null ? null : readScope(scope),
    },
    policyVersion,
    grants: policy.grants.map(({ role, permissions, buckets, jurisdictions }) => ({
      role,
      permissions,
      buckets,
      jurisdictions,
    })),
    deny: policy.denies.map(({ name, from, permissions, buckets, jurisdictions }) => ({
      name,
      from,
      permissions,
      buckets,
      jurisdictions,
    })),
    limits: policy.limits,
  }
}

/** A scope that can't be read narrows to nothing; its owner still sees that there is one. */
function readScope(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return { unreadable: true }
  }
}

async function readyz(env: Env): Promise<ServiceAnswer> {
  const { problems: settings } = checkSettings(env)
  const policy = await policyState(env)
  const problems = [...(settings ?? []), ...policy.problems]
  const body = {
    status: problems.length === 0 ? 'ready' : 'not-ready',
    policyVersion: policy.version,
    problems,
  }
  return { status: problems.length === 0 ? 200 : 503, body }
}

async function policyState({ DB }: Env): Promise<{ version: number | null; problems: string[] }> {
  try {
    const active = await findActivePolicy(DB)
    if (!active) return { version: null, problems: ['no policy has been applied'] }
    const problem = active.problem ?? problemWithShared(active.shared)
    return { version: active.version, problems: problem === null ? [] : [`policy: ${problem}`] }
  } catch (error) {
    log('error', 'store unreachable', { error: String(error) })
    return {
      version: null,
      problems: ['the store (D1) cannot be reached, or its migrations have not been applied'],
    }
  }
}
