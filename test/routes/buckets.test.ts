import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { call, emulator, keyWithGrants, problemOf } from '../harness.ts'

const media = { role: 'admin', buckets: ['media-*'] }

test('a bucket within the grants is created, and upstream is asked with the account token only', async () => {
  const key = await keyWithGrants(media)
  const response = await call('/v1/buckets', { key, method: 'POST', body: { name: 'media-launch' } })
  expect(response.status).toBe(201)
  expect(await response.json()).toMatchObject({ name: 'media-launch', jurisdiction: 'default' })
  expect(await emulator.changes()).toHaveLength(1)
  const tokens = (await emulator.received()).map(({ headers }) => headers.authorization)
  expect(new Set(tokens)).toEqual(new Set([`Bearer ${env.CLOUDFLARE_API_TOKEN}`]))
  expect(JSON.stringify(await emulator.received())).not.toContain(key)
})

test('a bucket outside the grants is refused with the permission that is missing, and nothing is sent', async () => {
  const key = await keyWithGrants(media)
  const problem = await problemOf(call('/v1/buckets/finance-ledger', { key }))
  expect(problem).toMatchObject({
    status: 403,
    code: 'forbidden',
    missing: { permission: 'buckets.get', bucket: 'finance-ledger', jurisdiction: 'default' },
  })
  expect(await emulator.received()).toEqual([])
})
