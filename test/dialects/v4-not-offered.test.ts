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
      },
    ])
    expect(await emulator.received()).toEqual([])
  })
})

/** Operations that Cloudflare has added to paths of the 27: refused as verbs, with those that there are. */
describe.each([
  ['PUT', bucket],
  ['DELETE', `${bucket}/lock`],
  ['PATCH', `${bucket}/cors`],
])('%s %s', (method, path) => {
  test('is 405, and nothing is sent', async () => {
    expect((await call(path, { key: await keyWithGrants(everything), method })).status).toBe(405)
    expect(await emulator.received()).toEqual([])
  })
})
