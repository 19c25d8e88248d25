import { describe, expect, test } from 'vitest'
import { call, emulator, everything, keyWithGrants } from '../harness.ts'
import { exampleOf, inBoth, prepare, v1 } from '../lanes/dialects.ts'
import { BUCKET, changes, DOMAIN, QUEUE, ZONE } from '../routes/examples.ts'
import { askUpstream } from './past-the-warden.ts'
import { valuesOf, writtenBy } from './written.ts'

/** What Cloudflare refuses was tried: it is recorded as refused, with what Cloudflare said. */

const own = `/buckets/${BUCKET}`

describe.each(inBoth(changes))('$name in $dialect', ({ example, spoken }) => {
  test('that Cloudflare refuses leaves one record, with its status, its ray and no outcome but that', async () => {
    const key = await keyWithGrants(everything)
    await prepare(example, key)
    await emulator.faults({ operation: example.name, status: 409, code: 10999, message: 'No.' })
    const { result: response, records } = await writtenBy(() => spoken.send(example, { key }))
    expect(response.status).toBe(409)
    const sent = (await emulator.changes()).findLast(({ operation }) => operation === example.name)
    expect(records).toMatchObject([
      {
        operation: example.name,
        decision: 'allowed',
        rule: 'teams.team.grants[0]',
        outcome: 'refused',
        reconciled: 0,
        code: 'upstream_rejected',
        upstreamStatus: 409,
        cfRay: sent?.ray,
        afterDigest: null,
      },
    ])
    expect(records[0]?.hash).toMatch(/^[0-9a-f]{64}$/)
  })
})

interface Refusal {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly code: string
  readonly status: number
  /** What is done past the warden first. */
  readonly prepared?: () => Promise<unknown>
}

const refusals: readonly Refusal[] = [
  {
    name: 'a creation of a bucket that is there',
    method: 'POST',
    path: '/buckets',
    body: { name: BUCKET },
    code: 'bucket_exists',
    status: 409,
  },
  {
    name: 'a creation over the limit of the account',
    method: 'POST',
    path: '/buckets',
    body: { name: 'media-new' },
    code: 'too_many_buckets',
    status: 400,
    prepared: () => emulator.seed({ bucketLimit: 1 }),
  },
  {
    name: 'the deletion of a bucket that is not empty',
    method: 'DELETE',
    path: own,
    code: 'bucket_not_empty',
    status: 409,
    prepared: () => emulator.seed({ buckets: [{ name: BUCKET, objects: 1 }] }),
  },
  {
    name: 'the deletion of no bucket',
    method: 'DELETE',
    path: '/buckets/no-such-bucket',
    code: 'bucket_not_found',
    status: 404,
  },
  {
    name: 'a change of no bucket',
    method: 'PUT',
    path: '/buckets/no-such-bucket/lock',
    body: { rules: [] },
    code: 'bucket_not_found',
    status: 404,
  },
  {
    name: 'the removal of no CORS policy',
    method: 'DELETE',
    path: `${own}/cors`,
    code: 'cors_not_found',
    status: 404,
  },
  {
    name: 'the removal of no domain',
    method: 'DELETE',
    path: `${own}/domains/custom/${DOMAIN}`,
    code: 'upstream_rejected',
    status: 404,
  },
  {
    name: 'a domain that another bucket has',
    method: 'POST',
    path: `${own}/domains/custom`,
    body: { domain: DOMAIN, zoneId: ZONE, enabled: true },
    code: 'upstream_rejected',
    status: 409,
    prepared: () =>
      askUpstream('/r2/buckets/shared-assets/domains/custom', {
        method: 'POST',
        body: { domain: DOMAIN, zoneId: ZONE, enabled: true },
      }),
  },
  {
    name: 'the removal of no notifications',
    method: 'DELETE',
    path: `${own}/event-notifications/queues/${QUEUE}`,
    code: 'event_notifications_not_found',
    status: 404,
  },
]

test.each(refusals)(
  '$name is refused on record, as $code',
  async ({ method, path, body, code, status, prepared }) => {
    const key = await keyWithGrants(everything)
    await prepared?.()
    const { result: response, records } = await writtenBy(() => call(`/v1${path}`, { key, method, body }))
    expect(response.status).toBe(status)
    expect(records).toMatchObject([{ outcome: 'refused', code, upstreamStatus: status }])
  },
)

test.each([
  [401, 'upstream_refused'],
  [403, 'upstream_refused'],
  [429, 'rate_limited'],
])('a change that gets %i is refused on record, as %s', async (status, code) => {
  const key = await keyWithGrants(everything)
  await emulator.faults({ operation: 'buckets.locks.update', status })
  const { records } = await writtenBy(() => v1.send(exampleOf('buckets.locks.update'), { key }))
  expect(records).toMatchObject([{ outcome: 'refused', code, upstreamStatus: status }])
})

test('what was there before a refused change is on record, and nothing after', async () => {
  const key = await keyWithGrants(everything)
  await emulator.faults({ operation: 'buckets.locks.update', status: 400 })
  const { records } = await writtenBy(() => v1.send(exampleOf('buckets.locks.update'), { key }))
  const [record] = records
  expect(record && Object.keys(await valuesOf(record)).sort()).toEqual(['before', 'body'])
})
