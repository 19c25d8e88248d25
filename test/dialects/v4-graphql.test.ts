import { describe, expect, test } from 'vitest'
import { call, emulator, everything, keyWithGrants } from '../harness.ts'
import { ACCOUNT, envelopeOf, V4 } from './v4-examples.ts'

/** `wrangler r2 bucket info` asks GraphQL how much a bucket holds. It may ask that, and nothing else. */

const viewer = { role: 'viewer', buckets: ['media-*'], jurisdictions: ['default', 'eu'] }
const span = { datetime_geq: '2026-11-21T00:00:00.000Z', datetime_leq: '2026-11-22T00:00:00.000Z' }

function question({ bucketName = 'media-assets', account = ACCOUNT, ...more }: Record<string, unknown> = {}) {
  return {
    query: 'query getR2StorageMetrics { viewer { accounts { id } } }',
    operationName: 'getR2StorageMetrics',
    variables: { accountTag: account, filter: { ...span, bucketName } },
    ...more,
  }
}

async function ask(body: unknown, grant: unknown = viewer): Promise<Response> {
  return call(`${V4}/graphql`, { key: await keyWithGrants(grant), method: 'POST', body })
}

describe('the storage of a bucket', () => {
  test.each(['media-assets', 'eu_media-assets'])(
    'is asked for %s, which the team may see',
    async (bucketName) => {
      expect((await ask(question({ bucketName }))).status).toBe(200)
      const [sent] = await emulator.received()
      expect(JSON.parse(sent?.body ?? '').variables).toEqual({
        accountTag: ACCOUNT,
        filter: { ...span, bucketName },
      })
    },
  )

  test('is asked in the words of the warden, never the caller’s', async () => {
    await ask(question({ query: 'query getR2StorageMetrics { viewer { secrets } }' }))
    const [sent] = await emulator.received()
    expect([sent?.body.includes('r2StorageAdaptiveGroups'), sent?.body.includes('secrets')]).toEqual([
      true,
      false,
    ])
  })

  test('is JSON that wrangler can read', async () => {
    expect(await (await ask(question())).json()).toHaveProperty('data')
  })

  test.each(['finance-ledger', 'eu_data-lake', 'us_media-assets'])(
    'is refused for %s with the missing grant, and nothing is sent',
    async (bucketName) => {
      const response = await ask(question({ bucketName }))
      expect([response.status, (await envelopeOf(response)).message]).toEqual([
        403,
        expect.stringContaining('has no grant of buckets.get'),
      ])
      expect(await emulator.received()).toEqual([])
    },
  )
})

describe('any other question is refused in the envelope, and nothing is sent', () => {
  test.each<[string, unknown]>([
    ['by another name', question({ operationName: 'everything' })],
    ['of another account', question({ account: 'f'.repeat(32) })],
    ['without variables', question({ variables: {} })],
    ['with one more variable', question({ variables: { ...question().variables, more: 1 } })],
    [
      'with one more filter',
      question({
        variables: { accountTag: ACCOUNT, filter: { ...span, bucketName: 'media-assets', OR: [] } },
      }),
    ],
    [
      'for a time that is none',
      question({
        variables: {
          accountTag: ACCOUNT,
          filter: { ...span, datetime_geq: 'now', bucketName: 'media-assets' },
        },
      }),
    ],
    ['for no bucket', question({ bucketName: '' })],
    ['for a bucket in a place that is none', question({ bucketName: 'mars_media-assets' })],
    ['for two underscores', question({ bucketName: 'eu_media_assets' })],
    ['that is a list', [question()]],
    ['that is no JSON', '{'],
  ])('%s', async (_, body) => {
    const response = await ask(body, everything)
    expect([response.status, (await envelopeOf(response)).errors[0]?.code]).toEqual([403, 10003])
    expect(await emulator.received()).toEqual([])
  })

  test('without a key: 401', async () => {
    expect((await call(`${V4}/graphql`, { method: 'POST', body: question() })).status).toBe(401)
  })
})
