import { describe, expect, test } from 'vitest'
import { ACCOUNT, api, bucket, DATA_QUEUE, refusal, refused, send } from './api.ts'

describe('the token', () => {
  test.each([
    ['missing', { authorization: '' }],
    ['given under another scheme', { authorization: 'Basic abc' }],
    ['given as an API key', { authorization: '', 'x-auth-key': 'k', 'x-auth-email': 'e' }],
  ])('is refused when it is %s', async (_, headers) => {
    expect(await refusal('GET', '/r2/buckets', { headers })).toEqual(refused(401, 10000))
  })

  test('is asked for before anything is told about routes', async () => {
    const { status } = await send('GET', '/client/v4/nowhere', { headers: { authorization: 'Bearer x' } })
    expect(status).toBe(401)
  })
})

describe('a path', () => {
  test.each(['/r2/buckets/', '/r2', '/r2/buckets/media-assets/objects/k', '/r2/buckets/a/b/c/d'])(
    'that leads nowhere is refused: %s',
    async (path) => {
      expect(await refusal('GET', path)).toEqual(refused(404, 7003))
    },
  )

  test('outside the API is refused in the same envelope', async () => {
    const response = await send('GET', '/accounts')
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({
      success: false,
      errors: [{ code: 7003, message: 'No route for the URI' }],
      messages: [],
      result: null,
    })
  })

  test('is told apart from a verb it does not take', async () => {
    const { status, headers, success } = await api('PUT', bucket('media-assets'))
    expect({ status, success, allow: headers.get('allow') }).toEqual({
      status: 405,
      success: false,
      allow: 'GET, PATCH, DELETE',
    })
  })
})

describe('what wrangler asks around R2', () => {
  test('the queue of a name', async () => {
    const { result } = await api('GET', '/queues?page=1&name=data-events')
    expect(result).toEqual([{ queue_id: DATA_QUEUE, queue_name: 'data-events' }])
  })

  test('no queue, when there is none of that name', async () => {
    expect((await api('GET', '/queues?page=1&name=nope')).result).toEqual([])
  })

  test('the accounts of the token', async () => {
    const response = await send('GET', '/client/v4/accounts?page=1')
    expect(await response.json()).toMatchObject({ success: true, result: [{ id: ACCOUNT }] })
  })

  test.each(['/user', '/user/tokens/verify', '/memberships'])('%s', async (path) => {
    expect(await (await send('GET', `/client/v4${path}`)).json()).toMatchObject({ success: true })
  })

  test('the usage of a bucket, for which any JSON will do', async () => {
    expect(await (await send('POST', '/client/v4/graphql', { body: { query: '' } })).json()).toMatchObject({
      data: null,
    })
  })
})
