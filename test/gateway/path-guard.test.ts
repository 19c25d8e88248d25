import { expect, test } from 'vitest'
import { call, emulator, everything, keyWithGrants, problemOf } from '../harness.ts'
import { BUCKET, QUEUE } from '../routes/examples.ts'

/**
 * Paths that another reader could take for a different one. None of these calls carries a key: that they
 * are answered 400 and not 401 shows that nobody was asked. `fetch` resolves `..`, `%2e%2e` and `\`, so
 * those as they stand on the wire are sent by a raw socket elsewhere; here is what they resolve to.
 */
const HOSTILE = [
  ['an encoded slash', `/v1/buckets/${BUCKET}%2fcors`],
  ['an encoded slash in upper case', `/v1/buckets/${BUCKET}%2Fcors`],
  ['a slash encoded twice', `/v1/buckets/${BUCKET}%252fcors`],
  ['dots encoded twice', '/v1/buckets/%252e%252e/metrics'],
  ['an encoded dot within a name', `/v1/buckets/media%2eassets`],
  ['encoded dots behind an encoded slash', `/v1/buckets/${BUCKET}%2f%2e%2e%2ffinance-ledger`],
  ['an encoded backslash', `/v1/buckets/${BUCKET}%5ccors`],
  ['two slashes', '/v1//buckets'],
  ['two slashes at the beginning', '//v1/buckets'],
  ['two slashes at the end', `/v1/buckets/${BUCKET}//`],
  ['an empty bucket name', '/v1/buckets//cors'],
  ['a semicolon', `/v1/buckets/${BUCKET};jurisdiction=eu`],
  ['an encoded semicolon', `/v1/buckets/${BUCKET}%3bx`],
  ['an encoded NUL', `/v1/buckets/${BUCKET}%00`],
  ['a NUL', '/v1/buckets/media\0assets'],
  ['a space', `/v1/buckets/media assets`],
  ['an encoded space', `/v1/buckets/${BUCKET}%20`],
  ['a plus sign', '/v1/buckets/media+assets'],
  ['an encoded line break', `/v1/buckets/${BUCKET}%0d%0ax-injected:1`],
  ['an encoded question mark', `/v1/buckets/${BUCKET}%3fdryRun=true`],
  ['an encoded hash', `/v1/buckets/${BUCKET}%23`],
  ['a letter that is encoded without need', '/v1/buckets/%6dedia-assets'],
  ['a percent sign by itself', '/v1/buckets/media%'],
  ['an encoding that is cut off', '/v1/buckets/media%2'],
  ['an encoding that is not UTF-8', '/v1/buckets/media%ff'],
  ['an overlong encoding of a slash', '/v1/buckets/media%c0%afassets'],
  ['a letter beyond ASCII', '/v1/buckets/mediä'],
  ['a letter beyond ASCII, encoded', '/v1/buckets/medi%C3%A4'],
  ['a full-width slash', '/v1/buckets/media／cors'],
  ['a dot that is not a full stop', '/v1/buckets/media。assets'],
  ['an emoji', '/v1/buckets/media-🪣'],
  ['a colon', '/v1/buckets/:bucket'],
  ['a glob', '/v1/buckets/media-*'],
  ['a brace', '/v1/buckets/{bucket}'],
  ['a comma', '/v1/buckets/media,data'],
  ['an at sign', '/v1/buckets/media@eu'],
  ['an ampersand', '/v1/buckets/media&x=1'],
  ['a tilde', '/v1/buckets/~media'],
  ['three dots', '/v1/buckets/...'],
  ['a trailing dot', `/v1/buckets/${BUCKET}.`],
  ['a leading dot', `/v1/buckets/.${BUCKET}`],
  ['a dot in the middle', '/v1/buckets/media.assets'],
  ['an underscore', '/v1/buckets/media_assets'],
  ['an upper-case name', '/v1/buckets/Media-assets'],
  ['a name of two letters', '/v1/buckets/ab'],
  ['a name of 64 letters', `/v1/buckets/${'a'.repeat(64)}`],
  ['a name of 15,000 letters', `/v1/buckets/${'a'.repeat(15_000)}`],
  ['a hyphen at the beginning', '/v1/buckets/-media'],
  ['a hyphen at the end', '/v1/buckets/media-'],
  ['a domain with a trailing dot', `/v1/buckets/${BUCKET}/domains/custom/cdn.example.com.`],
  ['a domain of one label', `/v1/buckets/${BUCKET}/domains/custom/localhost`],
  ['a domain that is an address', `/v1/buckets/${BUCKET}/domains/custom/127.0.0.1`],
  ['a domain with a wildcard', `/v1/buckets/${BUCKET}/domains/custom/*.example.com`],
  ['a domain with a port', `/v1/buckets/${BUCKET}/domains/custom/cdn.example.com:443`],
  ['a domain with an underscore', `/v1/buckets/${BUCKET}/domains/custom/_x.example.com`],
  ['a queue id of 31 digits', `/v1/buckets/${BUCKET}/event-notifications/queues/${QUEUE.slice(1)}`],
  ['a queue id in upper case', `/v1/buckets/${BUCKET}/event-notifications/queues/${QUEUE.toUpperCase()}`],
] as const

test.each(HOSTILE)('%s is refused before anybody is asked, and nothing is sent', async (_, path) => {
  expect(await problemOf(call(path))).toMatchObject({ status: 400, code: 'invalid_path' })
  expect(await emulator.received()).toEqual([])
})

test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
  'a path that is not canonical is refused for %s, with a key that may do everything',
  async (method) => {
    const key = await keyWithGrants(everything)
    const { code } = await problemOf(call(`/v1/buckets/${BUCKET}%2fcors`, { key, method }))
    expect(code).toBe('invalid_path')
    expect(await emulator.received()).toEqual([])
  },
)

test.each([
  ['/v1/buckets/media-assets/../finance-ledger', 'finance-ledger'],
  ['/v1/buckets/media-assets/%2e%2e/finance-ledger', 'finance-ledger'],
  ['/v1/buckets/media-assets/.%2E/finance-ledger', 'finance-ledger'],
  ['/v1/buckets/./finance-ledger', 'finance-ledger'],
  ['/v1/buckets\\finance-ledger', 'finance-ledger'],
])('%s, which the runtime resolves, is judged as what it resolves to', async (path, bucket) => {
  const key = await keyWithGrants({ role: 'owner', buckets: ['media-*'] })
  const problem = await problemOf(call(path, { key }))
  expect(problem).toMatchObject({ code: 'forbidden', missing: { bucket } })
  expect(await emulator.received()).toEqual([])
})

test('what stands in the query does not make a path hostile', async () => {
  const key = await keyWithGrants(everything)
  expect((await call('/v1/buckets?nameContains=media&cursor=', { key })).status).toBe(400)
  const { errors } = await problemOf(call('/v1/buckets?nameContains=..%2f%00//;', { key }))
  expect(errors).toMatchObject([{ in: 'query', pointer: '/nameContains' }])
})

test('a question mark with nothing behind it is no parameter', async () => {
  const key = await keyWithGrants(everything)
  expect((await call(`/v1/buckets/${BUCKET}?`, { key })).status).toBe(200)
})

test('a bucket name may have 63 letters, and digits and hyphens within', async () => {
  const key = await keyWithGrants(everything)
  const name = `0${'-'.repeat(61)}9`
  await emulator.seed({ buckets: [{ name }] })
  expect((await call(`/v1/buckets/${name}`, { key })).status).toBe(200)
})
