import * as z from 'zod'
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponsesObject } from 'zod-openapi'
import { ERRORS, type ErrorCode } from '../../errors.ts'
import { type PathParameter, parametersIn, pathParameters } from '../../routes/fields.ts'
import { resources } from '../../routes/index.ts'
import { hasEntityTag, type Operation, type Resource } from '../../routes/operation.ts'
import { decision } from '../../routes/warden/explain.ts'
import { queryOf, v1 } from './v1.ts'

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
      .array(
        z.object({
          in: z.enum(['path', 'query', 'header', 'body']),
          pointer: z.string(),
          message: z.string(),
        }),
      )
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

/** What this document describes; what is offered on v4 only, Cloudflare's own does. */
const described: readonly Resource[] = resources.filter(({ operations }) =>
  operations.some((operation: Operation) => v1.path(operation) !== null),
)

/** The document of the API (OpenAPI 3.1), made from what the operations declare. */
export function openApiDocument() {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {}
  const add = (path: string, method: string, described: ZodOpenApiOperationObject) => {
    paths[path] = { ...paths[path], [method]: described }
  }
  for (const { title, operations } of described) {
    for (const operation of operations) {
      const path = v1.path(operation)
      if (path !== null && !operation.isDocument)
        add(templateOf(path), operation.method, describe(operation, title))
    }
  }
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
    tags: described.map(({ title }) => ({ name: title })),
    paths,
    components: {
      securitySchemes: {
        teamKey: { type: 'http', scheme: 'bearer', description: 'A team key: `r2w_…`' },
      },
    },
  })
}

function describe(operation: Operation, tag: string): ZodOpenApiOperationObject {
  const { name, summary, description, access = 'granted', path, body, bodyOptional } = operation
  const names = parametersIn(path)
  const permission = access === 'granted' && `Permission: \`${name}\`.`
  const text = [description, permission].filter(Boolean).join('\n\n')
  return {
    operationId: name,
    summary,
    ...(text !== '' && { description: text }),
    tags: [tag],
    ...(access === 'public' && { security: [] }),
    requestParams: {
      ...(names.length > 0 && { path: pathSchema(names) }),
      query: queryOf(operation),
      ...(operation.changes && { header: changeHeaders }),
      ...(hasEntityTag(operation) && { header: z.object({ 'If-None-Match': entityTags }) }),
    },
    ...(body && {
      requestBody: { required: !bodyOptional, content: { 'application/json': { schema: body } } },
    }),
    responses: { ...successes(operation), ...failures(codesOf(operation)) },
  }
}

const entityTags = z
  .string()
  .optional()
  .meta({ description: '`*`, or entity tags in double quotes (RFC 9110)' })

const changeHeaders = z.object({
  'If-Match': entityTags.meta({
    description: 'Change only what still has this `ETag`, as the GET of the configuration gave it',
  }),
  'If-None-Match': entityTags.meta({ description: '`*`: only where there is nothing yet' }),
  'Idempotency-Key': z
    .string()
    .max(255)
    .optional()
    .meta({
      description:
        'Of your making. The same request with the same key within 24 hours gets the first answer again, marked ' +
        '`idempotency-replayed: true`, and changes nothing twice',
    }),
})

const entityTag = z.string().meta({ description: 'Strong entity tag of the configuration, for `If-Match`' })

function successes(operation: Operation): ZodOpenApiResponsesObject {
  const isRead = hasEntityTag(operation)
  const isTagged = operation.changes !== undefined || isRead
  const headers = z.object({ ETag: isRead ? entityTag : entityTag.optional() })
  const described = Object.entries(successesOf(operation))
  return {
    ...Object.fromEntries(described.map(([code, one]) => [code, isTagged ? { ...one, headers } : one])),
    ...(isRead && { '304': { description: 'What you have, by `If-None-Match`, is what is there' } }),
  }
}

function successesOf(operation: Operation): ZodOpenApiResponsesObject {
  const { result, status = 200, otherStatus, changes, only } = operation
  const dryRun = changes
    ? { '200': { description: 'The decision, with `dryRun=true`', content: contentOf(decision) } }
    : {}
  if (!result) return { ...dryRun, '204': { description: 'Done' } }
  if (status === 201) return { ...dryRun, '201': { description: 'Created', content: contentOf(result) } }
  const content = contentOf(changes ? z.union([result, decision]) : result, operation)
  const answered = only ? 'Answered' : 'Found'
  return {
    '200': { description: changes ? 'Done, or the decision with `dryRun=true`' : answered, content },
    ...(otherStatus && { [String(otherStatus) as '503']: { description: 'Not ready', content } }),
  }
}

function contentOf(schema: z.ZodType, { formats }: Pick<Operation, 'formats'> = {}) {
  const schemas = Object.entries({ 'application/json': schema, ...formats })
  return Object.fromEntries(schemas.map(([type, schema]) => [type, { schema }]))
}

const CHANGE_CODES = [
  'payload_too_large', // what is there now may be too large to be recorded, whatever is sent
  'guardrail_violation',
  'bucket_conflict',
  'idempotency_conflict',
  'precondition_failed',
  'idempotency_mismatch',
] as const satisfies ErrorCode[]

/** What can go wrong with an operation, as far as its declaration tells. */
function codesOf(operation: Operation): ErrorCode[] {
  const { only, access, body, refusals = [] } = operation
  const ofBody = body ? (['malformed_json', 'payload_too_large', 'unsupported_media_type'] as const) : []
  if (access === 'public') return []
  if (only === undefined)
    return [
      ...new Set(['invalid_path', 'invalid_request', ...ofBody, ...IDENTIFIED, ...ofR2(operation)] as const),
    ]
  return [
    ...(parametersIn(operation.path).length > 0 ? (['invalid_path'] as const) : []),
    'invalid_request',
    ...ofBody,
    ...IDENTIFIED,
    'unavailable',
    ...refusals,
  ]
}

const IDENTIFIED = ['unauthenticated', 'forbidden', 'denied'] as const satisfies ErrorCode[]

function ofR2({ target, changes, refusals = [] }: Operation): ErrorCode[] {
  return [
    ...(target === undefined ? (['bucket_not_found'] as const) : []),
    ...(changes?.slot === 'takes' ? (['quota_exceeded'] as const) : []),
    ...(changes ? CHANGE_CODES : []),
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

const pathSchema = (names: readonly PathParameter[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, pathParameters[name]])))

const templateOf = (path: string) => path.replaceAll(/:(\w+)/g, '{$1}')
