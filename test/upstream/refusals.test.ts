import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { call, emulator, everything, keyWithGrants, problemOf } from '../harness.ts'
import { BUCKET, DOMAIN, QUEUE, ZONE } from '../routes/examples.ts'

/** Refusals of Cloudflare's own: mapped to a name, with Cloudflare's code, and without the account id. */

const own = `/v1/buckets/${BUCKET}`
const missing = '/v1/buckets/no-such-bucket'

test.each([
  ['bucket_not_found', 404, 10006, 'GET', missing, undefined],
  ['bucket_not_found', 404, 10006, 'DELETE', missing, undefined],
  ['bucket_not_found', 404, 10006, 'PUT', `${missing}/lifecycle`, { rules: [] }],
  ['bucket_exists', 409, 10004, 'POST', '/v1/buckets', { name: BUCKET }],
  ['cors_not_found', 404, 10059, 'GET', `${own}/cors`, undefined],
  ['cors_not_found', 404, 10059, 'DELETE', `${own}/cors`, undefined],
  ['event_notifications_not_found', 404, 11015, 'GET', `${own}/event-notifications`, undefined],
  [
    'event_notifications_not_found',
    404,
    11015,
    'DELETE',
    `${own}/event-notifications/queues/${QUEUE}`,
    undefined,
  ],
  ['upstream_rejected', 404, 10402, 'GET', `${own}/domains/custom/${DOMAIN}`, undefined],
])('%s: %i with code %i for %s %s', async (code, status, upstreamCode, method, path, body) => {
  const key = await keyWithGrants(everything)
  const problem = await problemOf(call(path, { key, method, body }))
  expect(problem).toMatchObject({
    code,
    status,
    upstream: { status, errors: [{ code: upstreamCode, message: expect.stringMatching(/./) }] },
  })
})

test('a bucket with objects in it is not deleted: bucket_not_empty, without the account id', async () => {
  const key = await keyWithGrants(everything)
  await emulator.seed({ buckets: [{ name: 'media-full', objects: 1 }] })
  const text = await (await call('/v1/buckets/media-full', { key, method: 'DELETE' })).text()
  expect(JSON.parse(text)).toMatchObject({ status: 409, code: 'bucket_not_empty' })
  expect(text).not.toContain(env.CLOUDFLARE_ACCOUNT_ID)
})

test('an account with as many buckets as it may have takes no more: too_many_buckets', async () => {
  const key = await keyWithGrants(everything)
  await emulator.seed({ bucketLimit: 0 })
  const problem = await problemOf(call('/v1/buckets', { key, method: 'POST', body: { name: 'media-new' } }))
  expect(problem).toMatchObject({ status: 400, code: 'too_many_buckets' })
})

test('a domain that is connected already is refused with the code of upstream', async () => {
  const key = await keyWithGrants(everything)
  const add = { key, method: 'POST', body: { domain: DOMAIN, zoneId: ZONE, enabled: true } }
  await call(`${own}/domains/custom`, add)
  const problem = await problemOf(call(`${own}/domains/custom`, add))
  expect(problem).toMatchObject({
    status: 409,
    code: 'upstream_rejected',
    upstream: { errors: [{ code: 10401 }] },
  })
})

test.each([
  [10006, 'bucket_not_found', 404],
  [10085, 'bucket_not_found', 404],
  [10004, 'bucket_exists', 409],
  [10008, 'bucket_not_empty', 409],
  [10073, 'bucket_conflict', 409],
  [10009, 'too_many_buckets', 400],
  [10059, 'cors_not_found', 404],
  [11015, 'event_notifications_not_found', 404],
  [10007, 'sippy_not_found', 404],
  [10058, 'rate_limited', 429],
  [971, 'rate_limited', 429],
  [10005, 'upstream_rejected', 400],
  [99_999, 'upstream_rejected', 422],
])("upstream's code %i is %s", async (upstreamCode, code, status) => {
  const key = await keyWithGrants(everything)
  const errors = [{ code: upstreamCode, message: 'no' }]
  const body = JSON.stringify({ success: false, errors, messages: [], result: null })
  await emulator.faults({ status, body, times: 3 })
  expect(await problemOf(call(own, { key }))).toMatchObject({ status, code, upstream: { status, errors } })
})

test('of several errors, the one that has a name decides, and all are shown', async () => {
  const key = await keyWithGrants(everything)
  const errors = [
    { code: 12_345, message: 'one' },
    { code: 10_006, message: 'two' },
  ]
  const body = JSON.stringify({ success: false, errors, messages: [], result: null })
  await emulator.faults({ status: 404, body })
  expect(await problemOf(call(own, { key }))).toMatchObject({
    code: 'bucket_not_found',
    detail: 'one two',
    upstream: { errors },
  })
})

test.each(['CLOUDFLARE_ACCOUNT_ID', 'CLOUDFLARE_API_TOKEN'] as const)(
  'a message of upstream that quotes %s is shown without it',
  async (name) => {
    const key = await keyWithGrants(everything)
    await emulator.faults({ status: 400, message: `not in account ${env[name]}, sorry` })
    const text = await (await call(own, { key })).text()
    expect(text).toContain('not in account …, sorry')
    expect(text).not.toContain(env[name])
  },
)

test.each([
  ['120', '120'],
  ['0', '0'],
])('Retry-After %s of a 429 to a change is passed on', async (retryAfter, told) => {
  const key = await keyWithGrants(everything)
  await emulator.faults({ operation: 'buckets.delete', status: 429, retryAfter: Number(retryAfter) })
  const response = await call(own, { key, method: 'DELETE' })
  expect(response.headers.get('retry-after')).toBe(told)
})
