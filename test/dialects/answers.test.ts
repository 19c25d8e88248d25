import { expect, test } from 'vitest'
import { call, emulator, everything, keyWithGrants } from '../harness.ts'
import { BUCKET, DOMAIN, examples, QUEUE, ZONE } from '../routes/examples.ts'
import { perform } from '../routes/perform.ts'

/** What a caller gets: the resource itself, in camelCase, and nothing that upstream adds to it. */

const a = expect.any(String)
const domain = { domain: DOMAIN, zoneId: ZONE, enabled: true, minTLS: '1.2' }
const noMetrics = { objects: 0, payloadSize: 0, metadataSize: 0 }
const created = {
  creationDate: a,
  location: 'WEUR',
  storageClass: 'InfrequentAccess',
  jurisdiction: 'default',
}
const sippy = {
  enabled: true,
  source: { provider: 'aws', bucket: 'old-assets', region: 'us-east-1' },
  destination: { provider: 'r2', bucket: BUCKET },
}
const queue = {
  queueId: QUEUE,
  queueName: 'media-events',
  rules: [{ ruleId: a, createdAt: a, actions: ['PutObject'], prefix: 'uploads/' }],
}
const bucket = {
  name: BUCKET,
  creationDate: a,
  location: 'ENAM',
  storageClass: 'Standard',
  jurisdiction: 'default',
}
const abortRule = {
  id: 'Default Multipart Abort Rule',
  enabled: true,
  conditions: { prefix: '' },
  abortMultipartUploadsTransition: { condition: { type: 'Age', maxAge: 604800 } },
}
const corsRule = {
  id: 'site',
  allowed: { origins: ['https://www.media.example.com'], methods: ['GET', 'HEAD'], headers: ['range'] },
  exposeHeaders: ['etag'],
  maxAgeSeconds: 3600,
}

const ANSWERS: Readonly<Record<string, unknown>> = {
  'buckets.create': { name: 'media-new', ...created },
  'buckets.get': bucket,
  'buckets.edit': { ...bucket, storageClass: 'InfrequentAccess' },
  'buckets.lifecycle.get': { rules: [abortRule] },
  'buckets.cors.get': { rules: [corsRule] },
  'buckets.domains.custom.list': { domains: [] },
  'buckets.domains.custom.create': { ...domain, status: { ownership: 'pending', ssl: 'initializing' } },
  'buckets.domains.custom.get': {
    ...domain,
    zoneName: 'example.com',
    status: { ownership: 'active', ssl: 'active' },
  },
  'buckets.domains.custom.update': { domain: DOMAIN, enabled: true, minTLS: '1.3' },
  'buckets.domains.managed.list': {
    bucketId: a,
    domain: expect.stringMatching(/^pub-.*\.r2\.dev$/),
    enabled: false,
  },
  'buckets.domains.managed.update': { bucketId: a, domain: a, enabled: true },
  'buckets.eventNotifications.list': { bucketName: BUCKET, queues: [queue] },
  'buckets.eventNotifications.get': queue,
  'buckets.locks.get': { rules: [] },
  'buckets.metrics.list': {
    standard: { published: noMetrics, uploaded: noMetrics },
    infrequentAccess: { published: noMetrics, uploaded: noMetrics },
  },
  'buckets.sippy.get': { enabled: false },
  'buckets.sippy.update': sippy,
}

const withBody = examples.filter(({ name, status }) => status !== 204 && name !== 'buckets.list')
const withoutBody = examples.filter(({ status }) => status === 204)

test.each(withBody)('$name answers the resource itself', async (example) => {
  const { response } = await perform(example, { key: await keyWithGrants(everything) })
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(await response.json()).toEqual(ANSWERS[example.name])
})

test.each(withoutBody)('$name has nothing to say, and says so with 204', async (example) => {
  const { response } = await perform(example, { key: await keyWithGrants(everything) })
  expect(response.status).toBe(204)
  expect(await response.text()).toBe('')
})

test('what upstream adds is not passed on', async () => {
  const key = await keyWithGrants(everything)
  const result = { name: BUCKET, storage_class: 'Standard', account_tag: 'x', internal: { secret: 1 } }
  const body = JSON.stringify({ success: true, errors: [], messages: ['hello'], result })
  await emulator.faults({ operation: 'buckets.get', body })
  const answer = await (await call(`/v1/buckets/${BUCKET}`, { key })).json()
  expect(answer).toEqual({ name: BUCKET, storageClass: 'Standard' })
})

test.each(['lifecycle', 'cors', 'lock'])(
  'a bucket whose %s has no rules at all answers an empty list',
  async (part) => {
    const key = await keyWithGrants(everything)
    const body = JSON.stringify({ success: true, errors: [], messages: [], result: {} })
    await emulator.faults({ body })
    const response = await call(`/v1/buckets/${BUCKET}/${part}`, { key })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ rules: [] })
  },
)

test('HEAD answers as GET does, without a body', async () => {
  const key = await keyWithGrants(everything)
  const response = await call(`/v1/buckets/${BUCKET}`, { key, method: 'HEAD' })
  expect(response.status).toBe(200)
  expect(await response.text()).toBe('')
})

test('HEAD is asked for the permission of GET', async () => {
  const key = await keyWithGrants()
  expect((await call(`/v1/buckets/${BUCKET}`, { key, method: 'HEAD' })).status).toBe(403)
  expect(await emulator.received()).toEqual([])
})
