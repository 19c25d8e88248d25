import { describe, expect, test } from 'vitest'
import { JURISDICTIONS } from '../../src/policy/names.ts'
import { call, emulator, everything, keyWithGrants } from '../harness.ts'
import { BUCKET, changes } from '../routes/examples.ts'
import { A, envelopeOf, performV4 } from './v4-examples.ts'

/** What of a client's headers counts, and what goes up. */

const bucket = `${A}/r2/buckets/${BUCKET}`
const headersSent = async () => (await emulator.received()).at(-1)?.headers ?? {}

describe('cf-r2-jurisdiction', () => {
  test.each(JURISDICTIONS)('%s names the bucket there, and goes up as it stands', async (place) => {
    const key = await keyWithGrants(everything)
    await emulator.seed({ buckets: [{ name: 'media-there', jurisdiction: place }] })
    const headers = { 'cf-r2-jurisdiction': place }
    expect((await call(`${A}/r2/buckets/media-there`, { key, headers })).status).toBe(200)
    expect(await headersSent()).toMatchObject(headers)
  })

  test('is not sent up when the client sends none', async () => {
    await call(bucket, { key: await keyWithGrants(everything) })
    expect(await headersSent()).not.toHaveProperty('cf-r2-jurisdiction')
  })

  test.each(['mars', 'EU', '', 'eu, default'])(
    '%j is none, and is refused: nothing is sent',
    async (place) => {
      const key = await keyWithGrants(everything)
      const response = await call(bucket, { key, headers: { 'cf-r2-jurisdiction': place } })
      expect([response.status, await emulator.received()]).toEqual([400, []])
    },
  )

  test('decides which grants hold', async () => {
    const key = await keyWithGrants({ role: 'viewer', buckets: [BUCKET], jurisdictions: ['eu'] })
    const answers = [
      await call(bucket, { key, headers: { 'cf-r2-jurisdiction': 'eu' } }),
      await call(bucket, { key }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 403])
  })
})

describe('cf-r2-data-catalog-check', () => {
  test.each(changes)('goes up with $name', async (example) => {
    const key = await keyWithGrants(everything)
    const { sent } = await performV4(example, { key, headers: { 'cf-r2-data-catalog-check': 'true' } })
    expect(sent).toMatchObject([{ headers: { 'cf-r2-data-catalog-check': 'true' } }])
  })

  test.each(['false', 'yes', '1'])('is dropped when it is %s', async (value) => {
    const key = await keyWithGrants(everything)
    const headers = { 'cf-r2-data-catalog-check': value }
    await call(`${bucket}/lifecycle`, { key, method: 'PUT', body: { rules: [] }, headers })
    const [sent] = await emulator.changes()
    expect(sent?.headers).toBeDefined()
    expect(sent?.headers).not.toHaveProperty('cf-r2-data-catalog-check')
  })
})

describe('cf-r2-storage-class', () => {
  test.each([undefined, 'Glacier', 'standard'])(
    '%s is refused as Cloudflare refuses it, and nothing is sent',
    async (value) => {
      const key = await keyWithGrants(everything)
      const headers: Record<string, string> = value === undefined ? {} : { 'cf-r2-storage-class': value }
      const response = await call(bucket, { key, method: 'PATCH', headers })
      expect([response.status, (await envelopeOf(response)).errors]).toEqual([
        400,
        [{ code: 10062, message: 'The storage class specified is not valid.' }],
      ])
      expect(await emulator.received()).toEqual([])
    },
  )
})

describe('no other header of a client goes up', () => {
  test.each(['x-auth-key', 'x-auth-email', 'cookie', 'x-forwarded-for', 'x-stainless-lang', 'api-version'])(
    '%s',
    async (name) => {
      await call(bucket, { key: await keyWithGrants(everything), headers: { [name]: 'something' } })
      expect(await headersSent()).not.toHaveProperty(name)
    },
  )
})
