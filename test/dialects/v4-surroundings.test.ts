import { describe, expect, test } from 'vitest'
import { applyPolicy, call, createKey, emulator, everything, keyWithGrants } from '../harness.ts'
import { A, ACCOUNT, envelopeOf, V4 } from './v4-examples.ts'

/** Who a client takes its caller for: the team, and nobody and nothing beyond. */

const QUEUES = `${A}/queues`
const OWN = 'aaaabbbbccccddddeeeeffff00001111'
const paths = ['/user/tokens/verify', '/user', '/accounts', '/memberships'].map((path) => V4 + path)

const resultOf = async (path: string, key: string) => (await envelopeOf(call(path, { key }))).result

describe('who am I', () => {
  test('the token is active until the key expires', async () => {
    expect(await resultOf(`${V4}/user/tokens/verify`, await keyWithGrants())).toMatchObject({
      status: 'active',
      expires_on: expect.stringMatching(/^\d{4}-.*Z$/),
    })
  })

  test('the user is the team, at an address that is none', async () => {
    expect(await resultOf(`${V4}/user`, await keyWithGrants())).toMatchObject({
      email: 'team@r2-warden.invalid',
    })
  })

  test('there is one account, under the name of the team', async () => {
    const { result, result_info } = await envelopeOf(call(`${V4}/accounts`, { key: await keyWithGrants() }))
    expect([result, result_info]).toMatchObject([
      [{ id: ACCOUNT, name: 'team' }],
      { page: 1, count: 1, total_count: 1, total_pages: 1 },
    ])
  })

  test('there is one membership, of that account', async () => {
    expect(await resultOf(`${V4}/memberships`, await keyWithGrants())).toMatchObject([
      { account: { id: ACCOUNT, name: 'team' } },
    ])
  })

  test.each(paths)('%s is answered without asking upstream', async (path) => {
    expect((await call(path, { key: await keyWithGrants() })).status).toBe(200)
    expect(await emulator.received()).toEqual([])
  })

  test.each([...paths, QUEUES])('%s is refused without a key: 401, 10001', async (path) => {
    const response = await call(path)
    expect([response.status, (await envelopeOf(response)).errors[0]?.code]).toEqual([401, 10001])
  })

  test.each([...paths, QUEUES])('%s takes no change: 403', async (path) => {
    expect((await call(path, { key: await keyWithGrants(), method: 'POST' })).status).toBe(403)
  })
})

describe.each(['/accounts', '/memberships'])('a loop over the pages of %s', (path) => {
  test('ends after the first', async () => {
    const key = await keyWithGrants()
    const { result, result_info } = await envelopeOf(call(`${V4}${path}?page=2&per_page=5`, { key }))
    expect([result, result_info]).toEqual([
      [],
      { page: 2, per_page: 5, count: 0, total_count: 1, total_pages: 1 },
    ])
  })

  test('passes over what is not known of a query', async () => {
    expect(await resultOf(`${V4}${path}?direction=asc&status=accepted`, await keyWithGrants())).toHaveLength(
      1,
    )
  })

  test('is told of a page that is none: 400', async () => {
    expect((await call(`${V4}${path}?page=0`, { key: await keyWithGrants() })).status).toBe(400)
  })
})

describe('queues', () => {
  const both = [
    { queue_id: 'd41d8cd98f00b204e9800998ecf8427e', queue_name: 'data-events' },
    { queue_id: OWN, queue_name: 'media-events' },
  ]

  async function keyForOwnQueue(): Promise<string> {
    const guardrails = [{ name: 'own-queue', eventNotifications: { queues: [OWN] } }]
    await applyPolicy({ teams: { team: { grants: [everything], guardrails } } })
    return createKey('team')
  }

  test('are those of the account for a team that may notify any', async () => {
    expect(await resultOf(QUEUES, await keyWithGrants(everything))).toEqual(both)
  })

  test('are only those that a guardrail lets the team notify', async () => {
    expect(await resultOf(QUEUES, await keyForOwnQueue())).toEqual([both[1]])
  })

  test('of others are not there by name either', async () => {
    expect(await resultOf(`${QUEUES}?page=1&name=data-events`, await keyForOwnQueue())).toEqual([])
  })

  test('are found by name', async () => {
    expect(await resultOf(`${QUEUES}?page=1&name=media-events`, await keyForOwnQueue())).toEqual([both[1]])
  })

  test('come in pages', async () => {
    const key = await keyWithGrants(everything)
    const { result, result_info } = await envelopeOf(call(`${QUEUES}?page=2&per_page=1`, { key }))
    expect([result, result_info]).toEqual([
      [both[1]],
      { page: 2, per_page: 1, count: 1, total_count: 2, total_pages: 2 },
    ])
  })

  test.each([
    ['a viewer', { role: 'viewer', buckets: ['*'] }],
    ['a team without grants', null],
  ])('are refused to %s with the permission that is missing, and nothing is sent', async (_, grant) => {
    const key = await keyWithGrants(...(grant ? [grant] : []))
    const response = await call(QUEUES, { key })
    expect([response.status, (await envelopeOf(response)).message]).toEqual([
      403,
      expect.stringContaining('buckets.eventNotifications.update'),
    ])
    expect(await emulator.received()).toEqual([])
  })

  test('pass over what they do not know of a query', async () => {
    expect(await resultOf(`${QUEUES}?order=name&order=id`, await keyWithGrants(everything))).toEqual(both)
  })

  test.each(['page=0', 'per_page=1001', 'page=1&page=2', 'jurisdiction=eu'])(
    '?%s is refused',
    async (query) => {
      expect((await call(`${QUEUES}?${query}`, { key: await keyWithGrants(everything) })).status).toBe(400)
    },
  )

  test('of another account are refused, and nothing is sent', async () => {
    const key = await keyWithGrants(everything)
    expect((await call(`${V4}/accounts/${'f'.repeat(32)}/queues`, { key })).status).toBe(403)
    expect(await emulator.received()).toEqual([])
  })
})
