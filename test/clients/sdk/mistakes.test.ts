import type { BucketCreateParams, BucketListParams } from 'cloudflare/resources/r2/buckets/buckets'
import { describe, expect, it } from 'vitest'
import { ACCOUNT, asAdmin, receivedAbout, seed } from '../running.ts'
import { refusal, sdk } from './client.ts'

/** What programs get wrong with this SDK, and what they are told. */

const account = { account_id: ACCOUNT }
const HINT = 'the jurisdiction goes in the header cf-r2-jurisdiction'

describe('the parameter `jurisdiction` of SDKs before 7.2', () => {
  it('is refused in the query of a listing, with where it goes', async () => {
    const old: BucketListParams & { jurisdiction: string } = { ...account, jurisdiction: 'eu' }
    const error = await refusal(sdk(asAdmin()).r2.buckets.list(old))
    expect([error.status, error.message]).toEqual([400, expect.stringContaining(HINT)])
  })

  it('is refused in the body of a creation, with where it goes', async () => {
    const old: BucketCreateParams & { jurisdiction: string } = {
      ...account,
      name: 'sdk-misdirected',
      jurisdiction: 'eu',
    }
    const error = await refusal(sdk(asAdmin()).r2.buckets.create(old))
    expect([error.status, error.message]).toEqual([400, expect.stringContaining(HINT)])
  })

  it('is refused in the body of a change, with where it goes', async () => {
    const old = { ...account, rules: [], jurisdiction: 'eu' }
    const error = await refusal(sdk(asAdmin()).r2.buckets.cors.update('sdk-misdirected', old))
    expect([error.status, error.message]).toEqual([400, expect.stringContaining(HINT)])
  })

  it('creates and changes no bucket of the default jurisdiction', async () => {
    expect(await receivedAbout('sdk-misdirected')).toEqual([])
  })
})

describe('an address that is not quite right', () => {
  it('an empty bucket name is refused, and is never a listing', async () => {
    const error = await refusal(sdk(asAdmin()).get(`/accounts/${ACCOUNT}/r2/buckets/`))
    expect([error.status, error.message]).toEqual([400, expect.stringContaining('is a name empty?')])
  })

  it('a base URL that ends in a slash works', async () => {
    await seed({ buckets: [{ name: 'sdk-slashed' }] })
    const { url, token } = asAdmin()
    const found = await sdk({ url: `${url}/`, token }).r2.buckets.get('sdk-slashed', account)
    expect(found.name).toBe('sdk-slashed')
  })

  it('a bucket name with a slash in it is refused, and names no other path', async () => {
    const error = await refusal(sdk(asAdmin()).r2.buckets.get('../queues', account))
    expect(error.status).toBe(400)
  })

  it('the id of another account is refused with what to set', async () => {
    const error = await refusal(sdk(asAdmin()).r2.buckets.list({ account_id: 'f'.repeat(32) }))
    expect([error.status, error.message]).toEqual([
      403,
      expect.stringContaining('set CLOUDFLARE_ACCOUNT_ID to its own'),
    ])
  })
})
