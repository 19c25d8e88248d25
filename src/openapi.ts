import * as z from 'zod'
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponsesObject } from 'zod-openapi'
import { queryOf } from './dialects/v1.ts'
import { ERRORS, type ErrorCode } from './errors.ts'
import type { Operation } from './operation.ts'
import { answer as decision } from './routes/explain.ts'
import { resources } from './routes/index.ts'
import { type PathParameter, pathParameters } from './routes/names.ts'
import { type ServiceRoute, serviceRoutes } from './routes/service.ts'

const problem = z
  .looseObject({
    type: z.string().meta({ description: 'Where the code is described' }),
    title: z.string(),
    status: z.int(),
    code: z
      .string()
      .meta({ description: 'The contract: one of the codes below', examples: Object.keys(ERRORS) }),
    detail: z.string(),
    requestId: z.string(),
    errors: z
      .array(z.object({ in: z.enum(['path', 'query', 'body']), pointer: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'On invalid_request: each issue with a JSON pointer (RFC 6901)' }),
    missing: z
      .object({ permission: z.string(), bucket: z.string().nullable(), jurisdiction: z.string() })
      .optional()
      .meta({ description: 'On forbidden: the permission that nothing grants' }),
    violations: z
      .array(
        z.looseObject({
          guardrail: z.string(),
          pointer: z.string(),
          message: z.string(),
          value: z.unknown(),
          allowed: z.unknown(),
        }),
      )
      .optional()
      .meta({ description: 'On guardrail_violation: each value that may not stand, and what may' }),
    rule: z
      .object({ name: z.string(), from: z.enum(['organization', 'team']) })
      .optional()
      .meta({ description: 'On denied: the rule that denies' }),
    upstream: z
      .object({ status: z.int(), errors: z.array(z.object({ code: z.int(), message: z.string() })) })
      .optional()
      .meta({ description: "On a refusal of Cloudflare's: its own codes" }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' })

/** The document of the API (OpenAPI 3.1), made from what the operations declare. */
export function openApiDocument() {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {}
  const add = (path: string, method: string, described: ZodOpenApiOperationObject) => {
    paths[path] = { ...paths[path], [method]: described }
  }
  for (const { title, operations } of resources) {
    for (const operation of operations)
      add(templateOf(`/v1${operation.path}`), operation.method, describe(operation, title))
  }
  for (const route of serviceRoutes) add(route.path, route.method ?? 'get', describeService(route))
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'r2-warden',
      version: '1',
      description: 'A role-restricted facade over the Cloudflare R2 management API.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ teamKey: [] }],
    tags: [...resources.map(({ title }) => ({ name: title })), { name: 'Warden' }],
    paths,
    components: {
      securitySchemes: {
        teamKey: { type: 'http', scheme: 'bearer', description: 'A team key: `r2w_…`' },
      },
    },
  })
}

function describe(operation: Operation, tag: string): ZodOpenApiOperationObject {
  const { name, summary, description, path, body, bodyOptional } = operation
  const names = [...path.matchAll(/:(\w+)/g)].map(([, parameter]) => parameter as PathParameter)
  return {
    operationId: name,
    summary,
    description: [description, `Permission: \`${name}\`.`].filter(Boolean).join('\n\n'),
    tags: [tag],
    requestParams: {
      ...(names.length > 0 && {
        path: z.object(Object.fromEntries(names.map((key) => [key, pathParameters[key]]))),
      }),
      query: queryOf(operation),
    },
    ...(body && {
      requestBody: { required: !bodyOptional, content: { 'application/json': { schema: body } } },
    }),
    responses: { ...successes(operation), ...failures(codesOf(operation)) },
  }
}

function successes({ result, status = 200, changes }: Operation): ZodOpenApiResponsesObject {
  const content = (schema: z.ZodType) => ({ 'application/json': { schema } })
  const dryRun = changes
    ? { '200': { description: 'The decision, with `dryRun=true`', content: content(decision) } }
    : {}
  if (!result) return { ...dryRun, '204': { description: 'Done' } }
  if (status === 201) return { ...dryRun, '201': { description: 'Created', content: content(result) } }
  const schema = changes ? z.union([result, decision]) : result
  return {
    '200': {
      description: changes ? 'Done, or the decision with `dryRun=true`' : 'Found',
      content: content(schema),
    },
  }
}

/** What can go wrong with an operation, as far as its declaration tells. */
function codesOf({ target, body, changes, refusals = [] }: Operation): ErrorCode[] {
  return [
    'invalid_path',
    'invalid_request',
    ...(body ? (['malformed_json', 'payload_too_large', 'unsupported_media_type'] as const) : []),
    'unauthenticated',
    'forbidden',
    'denied',
    ...(target === undefined ? (['bucket_not_found'] as const) : []),
    ...(changes ? (['guardrail_violation', 'bucket_conflict'] as const) : []),
    ...refusals,
    'rate_limited',
    'upstream_refused',
    'upstream_error',
    'unavailable',
    'upstream_timeout',
  ]
}

function failures(codes: readonly ErrorCode[]): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(codes, (code) => ERRORS[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      String(status) as '400',
      {
        description: group.map((code) => `\`${code}\`: ${ERRORS[code].title}`).join('; '),
        content: { 'application/problem+json': { schema: problem, examples: examplesOf(group) } },
      },
    ]),
  )
}

function examplesOf(codes: readonly ErrorCode[]) {
  const requestId = '5a2f0b63-3d0e-4c39-9f0c-0d3a51f0a4ee'
  return Object.fromEntries(
    codes.map((code) => {
      const { status, title } = ERRORS[code]
      return [
        code,
        { value: { type: `/docs/errors#${code}`, title, status, code, detail: title, requestId } },
      ]
    }),
  )
}

function describeService({
  path,
  summary,
  description,
  access,
  body,
  result,
  statuses,
}: ServiceRoute): ZodOpenApiOperationObject {
  const answered = statuses.map((status) => [
    String(status) as '200',
    {
      description: status === 200 ? 'Answered' : 'Not ready',
      content: { 'application/json': { schema: result } },
    },
  ])
  return {
    operationId: `warden.${path.split('/').at(-1)}`,
    summary,
    ...(description && { description }),
    tags: ['Warden'],
    ...(access === 'public' && { security: [] }),
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      ...Object.fromEntries(answered),
      ...(body
        ? failures(['malformed_json', 'invalid_request', 'payload_too_large', 'unsupported_media_type'])
        : {}),
      ...(access === 'identity' ? failures(['unauthenticated', 'forbidden', 'unavailable']) : {}),
    },
  }
}

const templateOf = (path: string) => path.replaceAll(/:(\w+)/g, '{$1}')
