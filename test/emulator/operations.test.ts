import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { api, emulator, refusal, refused, send } from './api.ts'
import { bucketOperations, fullPath, operations } from './operations.ts'

const log = z.object({ requests: z.array(z.object({ operation: z.string(), status: z.int() })) })

describe('the 27 operations', () => {
  test('all succeed, one after the other, under the names of the SDKs', async () => {
    const calls = operations('fresh-bucket')
    for (const { method, path, ...options } of calls) await api(method, path, options)
    const { requests } = log.parse(await emulator('GET', 'requests'))
    expect(requests.map(({ operation, status }) => `${operation} ${status}`)).toEqual(
      calls.map(({ name }) => `${name} 200`),
    )
    expect(requests).toHaveLength(27)
  })
})

describe.each(operations('media-assets'))('$name', ({ method, path, ...options }) => {
  test('wants the token', async () => {
    const headers = { ...options.headers, authorization: 'Bearer another' }
    expect(await refusal(method, path, { ...options, headers })).toEqual(refused(401, 10000))
  })

  test('knows one account only', async () => {
    const elsewhere = fullPath(path).replace('0123456789abcdef', 'ffffffffffffffff')
    const response = await send(method, elsewhere, options)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({
      success: false,
      errors: [
        {
          code: 7003,
          message: `Could not route to ${elsewhere}, perhaps your object identifier is invalid?`,
        },
      ],
    })
  })
})

describe.each(bucketOperations('no-such-bucket'))('$name', ({ method, path, ...options }) => {
  test('refuses a bucket that is not there', async () => {
    expect(await refusal(method, path, options)).toEqual(refused(404, 10006))
  })

  test('refuses a bucket of another jurisdiction', async () => {
    const headers = { ...options.headers, 'cf-r2-jurisdiction': 'eu' }
    const elsewhere = path.replace('no-such-bucket', 'data-lake')
    expect(await refusal(method, elsewhere, { ...options, headers })).toEqual(refused(404, 10006))
  })

  test('refuses what is no bucket name', async () => {
    const crafted = path.replace('no-such-bucket', '..%2Fx')
    expect(await refusal(method, crafted, options)).toEqual(refused(400, 10005))
  })

  test('refuses a jurisdiction that does not exist', async () => {
    const headers = { ...options.headers, 'cf-r2-jurisdiction': 'mars' }
    expect(await refusal(method, path, { ...options, headers })).toEqual(refused(400, 10022))
  })
})
