import Cloudflare from 'cloudflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Counter } from '../counter.ts'
import { ACCOUNT, asAdmin, changesAmong, fault, key, receivedAbout, seed } from '../running.ts'
import { refusal, sdk } from './client.ts'

/** What the SDK tries again by itself, and what the warden tells it to leave. */

let counter: Counter
beforeAll(async () => {
  counter = await Counter.start(asAdmin().url)
})
afterAll(() => counter.stop())

function client() {
  counter.reset()
  return sdk({ url: counter.url, token: key('media-admin') })
}
const account = { account_id: ACCOUNT }

describe('what a retry cannot mend is tried once', () => {
  it('409, a bucket that exists already', async () => {
    await seed({ buckets: [{ name: 'sdk-there' }] })
    const error = await refusal(client().r2.buckets.create({ ...account, name: 'sdk-there' }))
    expect([error.constructor.name, error.status, counter.count]).toEqual([
      Cloudflare.ConflictError.name,
      409,
      1,
    ])
  })

  it('409, a bucket that is not empty', async () => {
    const error = await refusal(client().r2.buckets.delete('full', account))
    expect([error.status, counter.count]).toEqual([409, 1])
  })

  it('404, a bucket that is not there', async () => {
    const error = await refusal(client().r2.buckets.get('sdk-nowhere', account))
    expect([error.constructor.name, counter.count]).toEqual([Cloudflare.NotFoundError.name, 1])
  })

  it('401, a key that is none', async () => {
    counter.reset()
    const error = await refusal(sdk({ url: counter.url, token: 'nobody' }).r2.buckets.list(account))
    expect([error.constructor.name, counter.count]).toEqual([Cloudflare.AuthenticationError.name, 1])
  })
})

describe('what passes is tried again', () => {
  it('a 429 of Cloudflare’s, after the seconds that it asks for', async () => {
    await seed({ buckets: [{ name: 'sdk-busy' }] })
    await fault({ operation: 'buckets.cors.update', bucket: 'sdk-busy', kind: 'rate-limited', retryAfter: 1 })
    const rules = [{ allowed: { origins: ['https://a.example.com'], methods: ['GET' as const] } }]
    await client().r2.buckets.cors.update('sdk-busy', { ...account, rules })
    const sent = changesAmong(await receivedAbout('sdk-busy')).map(({ status }) => status)
    expect([counter.count, sent]).toEqual([2, [429, 200]])
  })

  it('a 503 of Cloudflare’s to a change, which the warden itself sends once', async () => {
    await seed({ buckets: [{ name: 'sdk-down' }] })
    await fault({ operation: 'buckets.locks.update', bucket: 'sdk-down', status: 503 })
    await client().r2.buckets.locks.update('sdk-down', { ...account, rules: [] })
    const sent = changesAmong(await receivedAbout('sdk-down')).map(({ status }) => status)
    expect([counter.count, sent]).toEqual([2, [503, 200]])
  })
})
