import { expect, test } from 'vitest'
import { call, createKey, emulator, everything, keyWithGrants, problemOf } from '../harness.ts'
import { BUCKET, examples, placed } from './examples.ts'
import { send } from './perform.ts'

/** (jurisdiction, name) identifies a bucket: `media-assets` is two of them, and a grant on one is none on the other. */

const inDefault = { role: 'owner', buckets: ['*'], jurisdictions: ['default'] }
const inEu = { role: 'owner', buckets: ['*'], jurisdictions: ['eu'] }

test.each(placed)('$name: a key of default cannot reach the bucket of eu', async (example) => {
  const key = await keyWithGrants(inDefault)
  const problem = await problemOf(send(example, { key, query: '?jurisdiction=eu' }))
  expect(problem).toMatchObject({ code: 'forbidden', missing: { jurisdiction: 'eu' } })
  expect(await emulator.received()).toEqual([])
})

test.each(examples)('$name: a key of eu cannot reach the bucket of default', async (example) => {
  const key = await keyWithGrants(inEu)
  const problem = await problemOf(send(example, { key }))
  expect(problem).toMatchObject({ code: 'forbidden', missing: { jurisdiction: 'default' } })
  expect(await emulator.received()).toEqual([])
})

test.each(placed)('$name: a key of both is narrowed by its scope', async (example) => {
  await keyWithGrants(everything)
  const key = await createKey('team', { jurisdictions: ['default'] })
  const { code } = await problemOf(send(example, { key, query: '?jurisdiction=eu' }))
  expect(code).toBe('forbidden')
  expect(await emulator.received()).toEqual([])
})

test('a grant that names no jurisdiction holds in default only', async () => {
  const key = await keyWithGrants({ role: 'owner', buckets: ['*'] })
  expect((await call(`/v1/buckets/${BUCKET}`, { key })).status).toBe(200)
  expect((await call(`/v1/buckets/${BUCKET}?jurisdiction=eu`, { key })).status).toBe(403)
})

test('what is changed in eu is not changed in default', async () => {
  const key = await keyWithGrants(everything)
  const path = `/v1/buckets/${BUCKET}`
  await call(`${path}?jurisdiction=eu`, { key, method: 'PATCH', body: { storageClass: 'InfrequentAccess' } })
  expect(await (await call(path, { key })).json()).toMatchObject({ storageClass: 'Standard' })
})

test('a listing holds the buckets of its jurisdiction only', async () => {
  const key = await keyWithGrants(everything)
  const page = await (await call('/v1/buckets?jurisdiction=eu', { key })).json()
  expect(page).toMatchObject({ buckets: [{ name: BUCKET, jurisdiction: 'eu' }], nextCursor: null })
})

test.each(['EU', 'mars', '', 'eu ', 'default,eu', '*', 'null'])(
  'jurisdiction %j is refused by name, and nothing is sent',
  async (jurisdiction) => {
    const key = await keyWithGrants(everything)
    const path = `/v1/buckets/${BUCKET}?jurisdiction=${encodeURIComponent(jurisdiction)}`
    const problem = await problemOf(call(path, { key }))
    expect(problem).toMatchObject({
      code: 'invalid_request',
      errors: [{ in: 'query', pointer: '/jurisdiction' }],
    })
    expect(await emulator.received()).toEqual([])
  },
)

test('the metrics of the whole account are in no jurisdiction, and refuse to be asked for one', async () => {
  const key = await keyWithGrants(everything)
  const problem = await problemOf(call('/v1/metrics?jurisdiction=eu', { key }))
  expect(problem).toMatchObject({ code: 'invalid_request', errors: [{ pointer: '/jurisdiction' }] })
})
