import { describe, expect, test } from 'vitest'
import { applyPolicy, call, createKey, emulator, everything } from '../harness.ts'
import { BUCKET, DOMAIN, QUEUE } from '../routes/examples.ts'
import { A, envelopeOf } from './v4-examples.ts'

/** A body that a guardrail can't judge is a mistake in the request: 400 with the place and the shape, and nothing is sent. */

const own = `${A}/r2/buckets/${BUCKET}`
const GUARDRAILS = [
  { name: 'media-origins', cors: { origins: ['https://*.media.example.com'] } },
  { name: 'month', lifecycle: { minDeleteAge: '30d' } },
  { name: 'classes', bucketCreation: { storageClasses: ['Standard'] } },
  { name: 'kept', locks: { minRetention: '30d' } },
  { name: 'hosts', customDomains: { hostnames: ['*.example.com'], minTLS: '1.2' } },
  { name: 'closed', managedDomain: { public: false } },
  { name: 'events', eventNotifications: { actions: ['PutObject'] } },
  { name: 'sources', sippy: { providers: ['aws'] } },
]

async function guarded(mode = 'enforce') {
  const guardrails = GUARDRAILS.map((one) => ({ ...one, mode }))
  await applyPolicy({ teams: { team: { grants: [everything], guardrails } } })
  return createKey('team')
}

const CASES: [string, string, string, unknown, string, string][] = [
  [
    'CORS rules in the form of S3',
    'PUT',
    `${own}/cors`,
    { rules: [{ AllowedOrigins: ['*'], AllowedMethods: ['GET'] }] },
    '/rules/0/allowed',
    '"origins"',
  ],
  ['lifecycle rules as an object', 'PUT', `${own}/lifecycle`, { rules: { id: 'a' } }, '/rules', '"enabled"'],
  [
    'lock rules without a condition',
    'PUT',
    `${own}/lock`,
    { rules: [{ enabled: true }] },
    '/rules/0',
    '"condition"',
  ],
  ['a domain without a zone', 'POST', `${own}/domains/custom`, { domain: DOMAIN }, '/zoneId', '"zoneId"'],
  [
    'a TLS version as a number',
    'PUT',
    `${own}/domains/custom/${DOMAIN}`,
    { minTLS: 1.2 },
    '/minTLS',
    '"minTLS"',
  ],
  ['a switch as a text', 'PUT', `${own}/domains/managed`, { enabled: 'false' }, '/enabled', '"enabled"'],
  [
    'actions as a text',
    'PUT',
    `${A}/event_notifications/r2/${BUCKET}/configuration/queues/${QUEUE}`,
    { rules: [{ actions: 'PutObject' }] },
    '/rules/0/actions',
    '"actions"',
  ],
  ['a source that is missing', 'PUT', `${own}/sippy`, { destination: {} }, '/source', '"provider"'],
  [
    'a storage class as a list',
    'POST',
    `${A}/r2/buckets`,
    { name: 'media-x', storageClass: ['Standard'] },
    '/storageClass',
    '"storageClass"',
  ],
]

test.each(CASES)('%s: 400 and 10040', async (_, method, path, body, pointer, expected) => {
  const response = await call(path, { key: await guarded(), method, body })
  const { errors } = await envelopeOf(response)
  expect([response.status, errors[0]?.code]).toEqual([400, 10040])
  expect(errors[0]?.message).toContain(`${pointer}`)
  expect(errors[0]?.message).toContain(expected)
  expect(await emulator.changes()).toEqual([])
})

test('whoever has no grant learns nothing of shapes', async () => {
  await applyPolicy({ teams: { team: { guardrails: GUARDRAILS } } })
  const key = await createKey('team')
  const [, method, path, body] = ['', 'PUT', `${own}/cors`, { rules: 1 }] as const
  expect((await call(path, { key, method, body })).status).toBe(403)
})

test('a guardrail that only warns leaves the judgement to Cloudflare', async () => {
  const key = await guarded('warn')
  await call(`${own}/cors`, { key, method: 'PUT', body: { rules: [{ AllowedOrigins: ['*'] }] } })
  expect(await emulator.changes()).toHaveLength(1)
})

describe('what is optional may be missing, empty or null, and is judged as absent:', () => {
  test.each<[string, string, string, unknown]>([
    ['no CORS rules', 'PUT', `${own}/cors`, {}],
    ['no lifecycle rules', 'PUT', `${own}/lifecycle`, {}],
    [
      'a deletion of nothing',
      'PUT',
      `${own}/lifecycle`,
      { rules: [{ id: 'a', enabled: true, conditions: {}, deleteObjectsTransition: {} }] },
    ],
  ])('%s', async (_, method, path, body) => {
    const response = await call(path, { key: await guarded(), method, body })
    expect(response.status).toBe(200)
    expect((await emulator.changes()).map(({ body }) => JSON.parse(body))).toEqual([body])
  })
})
