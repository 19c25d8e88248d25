import { describe, expect, test } from 'vitest'
import { emulator } from '../harness.ts'
import { BUCKET, DOMAIN } from './examples.ts'
import { explained } from './explain-asking.ts'
import { guardedKey } from './guardrails-cases.ts'

/** What a question leaves open is no denial: what depends on a value says so, and what isn't there is decided all the same. */

const origins = { name: 'origins', cors: { origins: ['https://*.media.example.com'] } }
const kept = { name: 'kept', locks: { neverWeaken: true, minRetention: '30d' } }
const hosts = { name: 'hosts', customDomains: { hostnames: ['*.media.example.com'], minTLS: '1.2' } }

describe('without a body', () => {
  test('it depends on the value, and the guardrail tells which values it lets stand', async () => {
    const key = await guardedKey(origins)
    const told = await explained(key, { operation: 'buckets.cors.update', bucket: BUCKET })
    expect(told).toMatchObject({
      allowed: false,
      dependsOnValue: true,
      decidedBy: { kind: 'value' },
      detail: 'It depends on the value: name it in `body`.',
      guardrails: [{ guardrail: 'origins', verdict: 'depends', violations: [], allows: origins.cors }],
    })
    expect(told).not.toHaveProperty('code')
  })

  test('a host in the path that may not be used is refused whatever the value', async () => {
    const key = await guardedKey(hosts)
    const question = { operation: 'buckets.domains.custom.update', bucket: BUCKET, domain: 'www.example.org' }
    expect(await explained(key, question)).toMatchObject({ allowed: false, code: 'guardrail_violation' })
  })

  test('what no guardrail judges is allowed', async () => {
    const key = await guardedKey(kept)
    expect(await explained(key, { operation: 'buckets.cors.update', bucket: BUCKET })).toMatchObject({
      allowed: true,
    })
  })
})

describe('of what is not there', () => {
  const rule = (maxAgeSeconds: number) => ({
    rules: [{ id: 'keep', enabled: true, condition: { type: 'Age', maxAgeSeconds } }],
  })

  test.each([
    [2_592_000, true],
    [60, false],
  ])('lock rules of a bucket that is not there, for %d seconds: %j', async (seconds, allowed) => {
    const key = await guardedKey(kept)
    const question = { operation: 'buckets.locks.update', bucket: 'media-nowhere', body: rule(seconds) }
    expect(await explained(key, question)).toMatchObject({ allowed })
  })

  test.each([
    ['1.2', true],
    ['1.1', false],
  ])('a domain that is not there, with TLS %s: %j', async (minTLS, allowed) => {
    const key = await guardedKey(hosts)
    const question = {
      operation: 'buckets.domains.custom.update',
      bucket: BUCKET,
      domain: DOMAIN,
      body: { minTLS },
    }
    expect(await explained(key, question)).toMatchObject({ allowed })
  })

  test('a deletion of a bucket that is not there is decided as one without locks', async () => {
    const key = await guardedKey(kept)
    expect(await explained(key, { operation: 'buckets.delete', bucket: 'media-nowhere' })).toMatchObject({
      allowed: true,
    })
    expect(await emulator.changes()).toEqual([])
  })
})
