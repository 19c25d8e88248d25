import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { openApiDocument } from '../../src/dialects/v1/openapi.ts'

/** Under Node, since the validator compiles its schemas to code, which the Workers runtime forbids. */

test('a public validator accepts the OpenAPI document', async () => {
  const document = JSON.parse(JSON.stringify(openApiDocument()))
  expect(await new Validator().validate(document)).toEqual({ valid: true })
})

test('the validator looks: it refuses a document that is broken', async () => {
  const document = JSON.parse(JSON.stringify(openApiDocument()))
  expect(await new Validator().validate({ ...document, paths: { buckets: [] } })).toMatchObject({
    valid: false,
  })
})
