import { describe, expect, test } from 'vitest'
import { A } from '../dialects/v4-examples.ts'
import { applyPolicy, call, createKey, emulator, everything } from '../harness.ts'
import { BUCKET } from './examples.ts'

/** The case of a host name says nothing: what was made in one is found, judged and removed in any other. */

const ZONE = '023e105f4ecef8ad9ca31a8372d0c353'
const creation = { domain: 'Files.Example.com', zoneId: ZONE, enabled: true, minTLS: '1.2' }
const guardrails = [{ name: 'ours', customDomains: { hostnames: ['files.example.com'] } }]

async function guardedKey() {
  await applyPolicy({ teams: { team: { grants: [everything], guardrails } } })
  return createKey('team')
}

describe.each([
  ['v1', `/v1/buckets/${BUCKET}/domains/custom`],
  ['v4', `${A}/r2/buckets/${BUCKET}/domains/custom`],
])('on %s, Files.Example.com', (_, path) => {
  test('goes up as it is written', async () => {
    const response = await call(path, { key: await guardedKey(), method: 'POST', body: creation })
    expect(response.ok).toBe(true)
    expect((await emulator.changes()).map(({ body }) => JSON.parse(body))).toEqual([creation])
  })

  test.each(['Files.Example.com', 'files.example.com', 'FILES.EXAMPLE.COM'])(
    'is read, changed and removed as %s',
    async (domain) => {
      const key = await guardedKey()
      await call(path, { key, method: 'POST', body: creation })
      const answers = [
        await call(`${path}/${domain}`, { key }),
        await call(`${path}/${domain}`, { key, method: 'PUT', body: { minTLS: '1.3' } }),
        await call(`${path}/${domain}`, { key, method: 'DELETE' }),
      ]
      expect(answers.map(({ ok }) => ok)).toEqual([true, true, true])
      expect((await call(`${path}/${domain}`, { key })).status).toBe(404)
    },
  )

  test('is judged as files.example.com: another host is refused in whatever case', async () => {
    const key = await guardedKey()
    const response = await call(`${path}/Other.Example.com`, { key, method: 'DELETE' })
    expect([response.status, await emulator.received()]).toEqual([403, []])
  })
})

describe.each(['weur', 'WEUR'])('a location hint of %s', (locationHint) => {
  test.each([
    ['v1', '/v1/buckets'],
    ['v4', `${A}/r2/buckets`],
  ])('passes under [weur] on %s, and goes up as it is written', async (_, path) => {
    const located = [{ name: 'near', bucketCreation: { locations: ['weur'] } }]
    await applyPolicy({ teams: { team: { grants: [everything], guardrails: located } } })
    const body = { name: 'media-near', locationHint }
    const response = await call(path, { key: await createKey('team'), method: 'POST', body })
    expect(response.ok).toBe(true)
    expect((await emulator.changes()).map(({ body }) => JSON.parse(body))).toEqual([body])
  })
})
