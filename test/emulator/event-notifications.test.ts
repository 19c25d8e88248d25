import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { api, DATA_QUEUE, emulator, inEu, MEDIA_QUEUE, notifications, refusal, refused } from './api.ts'

const all = notifications('data-lake')
const data = notifications('data-lake', `/queues/${DATA_QUEUE}`)
const media = notifications('data-lake', `/queues/${MEDIA_QUEUE}`)
const rule = (prefix: string, ...actions: string[]) => ({ prefix, actions })
const put = (path: string, ...rules: unknown[]) => api('PUT', path, { body: { rules } })

const queue = z.object({ rules: z.array(z.object({ ruleId: z.string(), prefix: z.string().optional() })) })
const rulesOf = async (path: string) => queue.parse((await api('GET', path)).result).rules
const prefixes = async (path: string) => (await rulesOf(path)).map(({ prefix }) => prefix)

describe('event notifications', () => {
  test.each([all, data])('are none at first: %s', async (path) => {
    expect(await refusal('GET', path)).toEqual(refused(404, 11015))
    expect((await api('GET', path)).errors[0]?.message).toBe('workers.api.error.no_configs_found_for_bucket')
  })

  test('are given back with an id, a time and the name of the queue', async () => {
    await put(data, { prefix: '', suffix: '.png', actions: ['PutObject', 'CopyObject'], description: 'd' })
    expect((await api('GET', data)).result).toEqual({
      queueId: DATA_QUEUE,
      queueName: 'data-events',
      rules: [
        {
          ruleId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          createdAt: expect.stringMatching(/Z$/),
          prefix: '',
          suffix: '.png',
          actions: ['PutObject', 'CopyObject'],
          description: 'd',
        },
      ],
    })
  })

  test('have no prefix and no suffix that nobody gave', async () => {
    await put(data, { actions: ['PutObject'] })
    expect(Object.keys((await rulesOf(data))[0] ?? {})).not.toContain('prefix')
  })

  test('are listed by queue', async () => {
    await put(data, rule('a/', 'PutObject'))
    await put(media, rule('b/', 'PutObject'))
    expect((await api('GET', all)).result).toMatchObject({
      bucketName: 'data-lake',
      queues: [
        { queueName: 'data-events', rules: [{ prefix: 'a/' }] },
        { queueName: 'media-events', rules: [{ prefix: 'b/' }] },
      ],
    })
  })

  test('add up: wrangler puts one rule at a time', async () => {
    await put(data, rule('a/', 'PutObject'))
    await put(data, rule('b/', 'PutObject'))
    expect(await prefixes(data)).toEqual(['a/', 'b/'])
  })

  test('are replaced the way of Terraform, by deleting first', async () => {
    await put(data, rule('a/', 'PutObject'))
    await api('DELETE', data)
    await put(data, rule('b/', 'PutObject'))
    expect(await prefixes(data)).toEqual(['b/'])
  })

  test('belong to one jurisdiction', async () => {
    const path = notifications('media-assets', `/queues/${DATA_QUEUE}`)
    await api('PUT', path, { body: { rules: [rule('', 'PutObject')] }, headers: inEu })
    expect(await refusal('GET', path)).toEqual(refused(404, 11015))
  })

  test('know a queue that was seeded', async () => {
    const id = 'f'.repeat(32)
    await emulator('POST', 'seed', { queues: [{ id, name: 'seeded' }] })
    const path = notifications('data-lake', `/queues/${id}`)
    await put(path, rule('', 'PutObject'))
    expect((await api('GET', path)).result).toMatchObject({ queueName: 'seeded' })
  })

  test.each(['GET', 'PUT', 'DELETE'])('refuse a queue that is not there: %s', async (method) => {
    const body = method === 'PUT' ? { rules: [rule('', 'PutObject')] } : undefined
    const path = notifications('data-lake', '/queues/00000000000000000000000000000000')
    expect(await refusal(method, path, { body })).toEqual(refused(404, 11000))
  })
})

describe('rules that could fire for one event', () => {
  const refusedPut = (path: string, ...rules: unknown[]) => refusal('PUT', path, { body: { rules } })
  const overlap = refused(400, 11020)

  test('are refused within one queue', async () => {
    await put(data, rule('a/', 'PutObject'))
    expect(await refusedPut(data, rule('a/b/', 'PutObject'))).toEqual(overlap)
  })

  test('are refused across queues', async () => {
    await put(data, rule('a/', 'PutObject'))
    expect(await refusedPut(media, rule('', 'PutObject'))).toEqual(overlap)
  })

  test('are refused within one call, which then adds nothing', async () => {
    expect(await refusedPut(data, rule('a/', 'PutObject'), rule('a/', 'PutObject'))).toEqual(overlap)
    expect(await refusal('GET', data)).toEqual(refused(404, 11015))
  })

  test('do not include those of other actions', async () => {
    await put(data, rule('a/', 'PutObject'))
    expect((await put(data, rule('a/', 'CopyObject'))).status).toBe(200)
  })

  test('do not include those of other suffixes', async () => {
    await put(data, { ...rule('a/', 'PutObject'), suffix: '.png' })
    expect((await put(data, { ...rule('a/', 'PutObject'), suffix: '.jpg' })).status).toBe(200)
  })
})

describe('deleting event notifications', () => {
  const wranglers = { 'content-type': 'application/json' }

  test('takes all of the queue without a body', async () => {
    await put(data, rule('a/', 'PutObject'), rule('b/', 'PutObject'))
    expect((await api('DELETE', data, { headers: wranglers })).result).toEqual({})
    expect(await refusal('GET', data)).toEqual(refused(404, 11015))
  })

  test('leaves the other queues alone', async () => {
    await put(data, rule('a/', 'PutObject'))
    await put(media, rule('b/', 'PutObject'))
    await api('DELETE', data)
    expect(await prefixes(media)).toEqual(['b/'])
  })

  test('takes only the rules named', async () => {
    await put(data, rule('a/', 'PutObject'), rule('b/', 'PutObject'))
    const [first] = await rulesOf(data)
    await api('DELETE', data, { body: { ruleIds: [first?.ruleId] } })
    expect(await prefixes(data)).toEqual(['b/'])
  })

  test('takes none if one of those named is not there', async () => {
    await put(data, rule('a/', 'PutObject'))
    const [first] = await rulesOf(data)
    const body = { ruleIds: [first?.ruleId, 'nope'] }
    expect(await refusal('DELETE', data, { body })).toEqual(refused(404, 11015))
    expect(await prefixes(data)).toEqual(['a/'])
  })

  test('is refused where there is nothing', async () => {
    expect(await refusal('DELETE', data)).toEqual(refused(404, 11015))
  })
})

describe('event notification rules', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => rule(`${index}/`, 'PutObject'))

  test('number a hundred for a bucket, over all its queues', async () => {
    await put(data, ...many(99))
    expect((await put(media, rule('x/', 'PutObject'))).status).toBe(200)
    expect(await refusal('PUT', media, { body: { rules: [rule('y/', 'PutObject')] } })).toEqual(
      refused(400, 10040),
    )
  })

  test.each([
    ['no rules', { rules: [] }],
    ['no list of rules', {}],
    ['no body', undefined],
    ['no JSON', '{'],
    ['no actions', { rules: [{ prefix: 'a/' }] }],
    ['an empty list of actions', { rules: [rule('')] }],
    ['an unknown action', { rules: [rule('', 'GetObject')] }],
    ['an action twice', { rules: [rule('', 'PutObject', 'PutObject')] }],
  ])('refuse %s', async (_, body) => {
    expect(await refusal('PUT', data, { body })).toEqual(refused(400, 10040))
  })
})
