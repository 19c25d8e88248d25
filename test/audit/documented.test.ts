import { beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { ERRORS } from '../../src/errors.ts'
import { call } from '../harness.ts'
import { clear, keyOf } from './records.ts'

/** What the OpenAPI document says of reading the trail is how it is. */

beforeEach(clear)

const described = z.object({
  operationId: z.string(),
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string(), schema: z.unknown() })),
  responses: z.record(
    z.string(),
    z.object({ description: z.string(), content: z.record(z.string(), z.unknown()) }),
  ),
})

async function at(path: string) {
  const { paths } = await (await call('/v1/openapi.json')).json<{
    paths: Record<string, { get?: unknown }>
  }>()
  return described.parse(paths[path]?.get)
}

describe('the list', () => {
  test('is called warden.audit.list', async () => {
    expect((await at('/v1/audit')).operationId).toBe('warden.audit.list')
  })

  test('names its parameters', async () => {
    const { parameters } = await at('/v1/audit')
    expect(parameters.map((one) => `${one.in} ${one.name}`).sort()).toEqual(
      [
        'bucket',
        'cursor',
        'decision',
        'jurisdiction',
        'operation',
        'outcome',
        'perPage',
        'principal',
        'since',
        'subject',
        'team',
        'until',
      ].map((name) => `query ${name}`),
    )
  })

  test('comes in each of the forms that it names', async () => {
    const key = await keyOf('media')
    const forms = Object.keys((await at('/v1/audit')).responses['200']?.content ?? {})
    expect(forms).toEqual(['application/json', 'text/csv', 'application/x-ndjson'])
    for (const accept of forms) {
      const { headers } = await call('/v1/audit', { key, headers: { accept } })
      expect(headers.get('content-type')?.split(';')[0]).toBe(accept)
    }
  })

  test.each(['invalid_request', 'unauthenticated', 'forbidden', 'denied', 'unavailable'] as const)(
    'tells of %s',
    async (code) => {
      const { responses } = await at('/v1/audit')
      expect(responses[ERRORS[code].status]?.description).toContain(`\`${code}\``)
    },
  )
})

describe('one record', () => {
  test('is called warden.audit.get, and takes an id', async () => {
    const { operationId, parameters } = await at('/v1/audit/{id}')
    expect(operationId).toBe('warden.audit.get')
    expect(parameters.map((one) => `${one.in} ${one.name}`)).toEqual(['path id'])
  })

  test.each([
    'invalid_path',
    'unauthenticated',
    'forbidden',
    'denied',
    'record_not_found',
    'unavailable',
  ] as const)('tells of %s', async (code) => {
    const { responses } = await at('/v1/audit/{id}')
    expect(responses[ERRORS[code].status]?.description).toContain(`\`${code}\``)
  })
})
