import { expect, test } from 'vitest'
import { policyJsonSchema } from '../../src/policy/document.ts'
import { KIND_NAMES } from '../../src/policy/guardrails/index.ts'
import { call } from '../harness.ts'

/** The JSON Schema that editors complete a policy by; what it accepts is in test/node/policy-schema.test.ts. */

const PATH = '/v1/policy.schema.json'

test('anybody may read the schema, as JSON', async () => {
  const response = await call(PATH)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/json')
})

test('the schema is the one that is made from the document', async () => {
  expect(await (await call(PATH)).json()).toEqual(JSON.parse(JSON.stringify(policyJsonSchema())))
})

test('the schema names its dialect and every kind of guardrail', async () => {
  const text = await (await call(PATH)).text()
  expect(JSON.parse(text)).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' })
  expect(KIND_NAMES.filter((kind) => !text.includes(`"${kind}"`))).toEqual([])
})
