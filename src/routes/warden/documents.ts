import * as z from 'zod'
import { handled, type Operation } from '../operation.ts'

/** The API's own documents: they say what there is, and nothing of what is in it. */
const document = {
  only: 'v1',
  method: 'get',
  access: 'public',
  target: 'account',
  isDocument: true,
} as const satisfies Partial<Operation>

const anyJson = z.record(z.string(), z.unknown())

export const openapi = handled({
  ...document,
  name: 'warden.openapi',
  path: '/v1/openapi.json',
  summary: 'This API (OpenAPI 3.1)',
  result: anyJson,
})

export const policySchema = handled({
  ...document,
  name: 'warden.policySchema',
  path: '/v1/policy.schema.json',
  summary: 'JSON Schema of a policy document, for editors',
  result: anyJson,
})

export const docs = handled({
  ...document,
  name: 'warden.docs',
  path: '/docs',
  summary: 'The page that shows this API',
})

export const docsFile = handled({
  ...document,
  name: 'warden.docs.file',
  path: '/docs/:file',
  summary: 'A page of the documentation, or what it loads',
})
