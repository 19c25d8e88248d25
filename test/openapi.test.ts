import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { ERRORS } from '../src/errors.ts'
import { operations } from '../src/routes/index.ts'
import { call } from './harness.ts'

/** What the document at /v1/openapi.json says. That a public validator accepts it is tried under Node. */

const reference = z.object({ $ref: z.string() })
const media = z.object({ schema: z.unknown(), examples: z.record(z.string(), z.unknown()).optional() })
const content = z.record(z.string(), media)
const described = z.object({
  operationId: z.string(),
  summary: z.string().min(1),
  security: z.array(z.unknown()).optional(),
  parameters: z
    .array(z.looseObject({ name: z.string(), in: z.string(), required: z.boolean().optional() }))
    .optional(),
  requestBody: z.object({ required: z.boolean().optional(), content }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string().min(1), content: content.optional() })),
})
const document = z.object({
  openapi: z.string().startsWith('3.1'),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  paths: z.record(z.string(), z.record(z.string(), described)),
  components: z.object({
    schemas: z.record(z.string(), z.looseObject({ examples: z.array(z.unknown()).optional() })),
    securitySchemes: z.record(z.string(), z.looseObject({ type: z.string(), scheme: z.string() })),
  }),
})

async function openApi() {
  const response = await call('/v1/openapi.json')
  expect(response.headers.get('content-type')).toBe('application/json')
  return document.parse(await response.json())
}

async function describedAs(name: string): Promise<z.output<typeof described>> {
  const { paths } = await openApi()
  const found = Object.values(paths).flatMap((methods) => Object.values(methods))
  return described.parse(found.find(({ operationId }) => operationId === name))
}

const withBody = operations.filter(({ body }) => body !== undefined)
const onBuckets = operations.filter(({ path }) => path.includes(':bucket'))

test('the document needs no key to be read', async () => {
  expect((await call('/v1/openapi.json')).status).toBe(200)
})

test('everything asks for a team key unless it says otherwise', async () => {
  const { security, components } = await openApi()
  expect(security).toEqual([{ teamKey: [] }])
  expect(components.securitySchemes.teamKey).toMatchObject({ type: 'http', scheme: 'bearer' })
})

test('only what answers without a key says so', async () => {
  const { paths } = await openApi()
  const open = Object.entries(paths).filter(([, methods]) =>
    Object.values(methods).some(({ security }) => security?.length === 0),
  )
  expect(open.map(([path]) => path).sort()).toEqual(['/healthz', '/readyz'])
})

test('each operation has an id of its own', async () => {
  const { paths } = await openApi()
  const ids = Object.values(paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  )
  expect(new Set(ids).size).toBe(ids.length)
})

describe.each(operations)('$name', ({ name, path, changes, target, body }) => {
  test('describes what can go wrong, with an example of each', async () => {
    const { responses } = await describedAs(name)
    const failures = ['400', '401', '403', '429', '502', '503', '504', ...(body ? ['413', '415'] : [])]
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(failures))
    for (const status of failures) {
      const examples = responses[status]?.content?.['application/problem+json']?.examples ?? {}
      expect(Object.keys(examples)).not.toEqual([])
      expect(Object.keys(examples).filter((code) => !Object.hasOwn(ERRORS, code))).toEqual([])
    }
  })

  test('describes a success', async () => {
    const { responses } = await describedAs(name)
    expect(Object.keys(responses).some((status) => status.startsWith('2'))).toBe(true)
  })

  test('names its parameters', async () => {
    const { parameters = [] } = await describedAs(name)
    const inPath = [...path.matchAll(/:(\w+)/g)].map(([, parameter]) => parameter)
    expect(parameters.filter((one) => one.in === 'path' && one.required).map((one) => one.name)).toEqual(
      inPath,
    )
    const inQuery = parameters.filter((one) => one.in === 'query').map((one) => one.name)
    expect(inQuery.includes('jurisdiction')).toBe(target !== 'account')
    expect(inQuery.includes('dryRun')).toBe(changes !== undefined)
  })
})

test.each(withBody)('$name shows examples of its body, and takes them itself', async ({ name, body }) => {
  const { components } = await openApi()
  const { requestBody } = await describedAs(name)
  const { $ref } = reference.parse(requestBody?.content['application/json']?.schema)
  const examples = components.schemas[$ref.slice('#/components/schemas/'.length)]?.examples ?? []
  expect(examples).not.toEqual([])
  for (const example of examples) expect(body?.safeParse(example)).toMatchObject({ success: true })
})

test.each(onBuckets)('$name tells that there may be no such bucket', async ({ name }) => {
  const { responses } = await describedAs(name)
  expect(responses['404']?.description).toContain('bucket_not_found')
})

test.each([
  ['buckets.create', '409', 'bucket_exists'],
  ['buckets.create', '400', 'too_many_buckets'],
  ['buckets.delete', '409', 'bucket_not_empty'],
  ['buckets.cors.get', '404', 'cors_not_found'],
  ['buckets.cors.delete', '404', 'cors_not_found'],
  ['buckets.eventNotifications.get', '404', 'event_notifications_not_found'],
])('%s tells of %s %s', async (name, status, code) => {
  const { responses } = await describedAs(name)
  expect(responses[status]?.description).toContain(code)
})

test('the only body that may be left out is the one whose absence means all', async () => {
  const { paths } = await openApi()
  const optional = Object.values(paths)
    .flatMap((methods) => Object.values(methods))
    .filter(({ requestBody }) => requestBody && requestBody.required !== true)
  expect(optional.map(({ operationId }) => operationId)).toEqual(['buckets.eventNotifications.delete'])
})

test('no part of the document refers to what is not there', async () => {
  const text = await (await call('/v1/openapi.json')).text()
  const { components } = document.parse(JSON.parse(text))
  const names = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name = '']) => name)
  expect([...new Set(names)].filter((name) => !Object.hasOwn(components.schemas, name))).toEqual([])
})

test('the page that renders it asks no other host', async () => {
  const response = await call('/docs')
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(await response.text()).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
})

test('what a problem calls its type is a page that exists', async () => {
  const { type } = await (await call('/v1/nothing')).json<{ type: string }>()
  expect((await call(type)).status).toBe(200)
})
