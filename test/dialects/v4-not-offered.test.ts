import { describe, expect, test } from 'vitest'
import { call, emulator, everything, keyWithGrants } from '../harness.ts'
import { A, envelopeOf, V4 } from './v4-examples.ts'

/** What clients may try and the warden does not offer is refused by name: 403, for Terraform takes 404 for gone. */

const bucket = `${A}/r2/buckets/media-assets`
const ZONE = '023e105f4ecef8ad9ca31a8372d0c353'

const NOT_OFFERED: readonly [name: string, method: string, path: string][] = [
  ['Objects', 'GET', `${bucket}/objects`],
  ['Objects', 'DELETE', `${bucket}/objects?prefix=`],
  ['Objects', 'PUT', `${bucket}/objects/key`],
  ['Objects', 'GET', `${bucket}/objects/dir/key.txt`],
  ['Objects', 'GET', `${bucket}/objects/dir%2Fk%201`],
  ['Bucket jobs', 'POST', `${bucket}/jobs`],
  ['Bucket jobs', 'GET', `${bucket}/jobs/some-id/results`],
  ['Local uploads', 'PUT', `${bucket}/local-uploads`],
  ['Temporary credentials', 'POST', `${A}/r2/temp-access-credentials`],
  ['Super Slurper', 'GET', `${A}/slurper/jobs`],
  ['Super Slurper', 'PUT', `${A}/slurper/source/connectivity-precheck`],
  ['Data Catalog', 'GET', `${A}/r2-catalog`],
  ['Data Catalog', 'POST', `${A}/r2-catalog/media-assets/enable`],
  ['Data Catalog', 'POST', `${A}/basin-catalog/media-assets/enable`],
  ['This path of R2', 'GET', `${A}/r2/nothing`],
  ['This path of R2', 'POST', `${bucket}/nothing/yet`],
  ['This path of R2', 'GET', `${A}/event_notifications/r2`],
  ['The account itself', 'GET', A],
  ['A single membership', 'GET', `${V4}/memberships/some-id`],
  ['This path of the user', 'GET', `${V4}/user/tokens`],
  ['Other products of Cloudflare', 'GET', `${V4}/ips`],
  ['Other products of Cloudflare', 'GET', `${A}/workers/scripts`],
  ['Other products of Cloudflare', 'POST', `${A}/tokens`],
  ['Other products of Cloudflare', 'GET', `${V4}/zones`],
  ['Other products of Cloudflare', 'GET', `${V4}/zones/${ZONE}/dns_records`],
]

describe.each(NOT_OFFERED)('%s: %s %s', (name, method, path) => {
  test('is refused by name with the reason, and nothing is sent', async () => {
    const response = await call(path, { key: await keyWithGrants(everything), method })
    expect([response.status, response.headers.get('x-should-retry')]).toEqual([403, 'false'])
    const { errors } = await envelopeOf(response)
    expect(errors).toEqual([
      {
        code: 10003,
        message: expect.stringMatching(new RegExp(`^${name}: not offered by this warden; .{10,}`)),
        documentation_url: 'https://warden.test/docs/errors#not_offered',
      },
    ])
    expect(await emulator.received()).toEqual([])
  })
})

/** Operations that Cloudflare has, or may yet have, on paths of the 27. */
describe.each([
  ['PUT', bucket, 'create a bucket with POST'],
  ['DELETE', `${bucket}/lock`, 'PUT the lock rules'],
  ['PATCH', `${bucket}/cors`, 'it offers GET, PUT, DELETE there'],
])('%s %s', (method, path, reason) => {
  test('is refused as a verb with what there is: 403, 10003, and nothing is sent', async () => {
    const response = await call(path, { key: await keyWithGrants(everything), method })
    expect([response.status, await envelopeOf(response)]).toMatchObject([
      403,
      { errors: [{ code: 10003, message: expect.stringContaining(reason) }] },
    ])
    expect(await emulator.received()).toEqual([])
  })
})
