import { describe, expect, test } from 'vitest'
import { call, emulator, everything, keyWithGrants } from '../harness.ts'
import { BUCKET } from '../routes/examples.ts'

/** What a GET of v1 shows can be PUT back on v1, whoever set it and however upstream writes what is absent. */

const origins = ['https://a.example.com']
const bare = { id: 'one', enabled: true }

const SHOWN: readonly [string, string, string, unknown][] = [
  ['an empty transition', 'lifecycle', 'lifecycle', { ...bare, conditions: {}, deleteObjectsTransition: {} }],
  [
    'an empty abort',
    'lifecycle',
    'lifecycle',
    { ...bare, conditions: {}, abortMultipartUploadsTransition: {} },
  ],
  ['a rule without conditions', 'lifecycle', 'lifecycle', bare],
  [
    'nulls in a lifecycle rule',
    'lifecycle',
    'lifecycle',
    { ...bare, conditions: { prefix: null }, deleteObjectsTransition: null, storageClassTransitions: null },
  ],
  ['an age of a week', 'cors', 'cors', { allowed: { origins, methods: ['GET'] }, maxAgeSeconds: 604_800 }],
  [
    'nulls in a CORS rule',
    'cors',
    'cors',
    {
      id: null,
      allowed: { origins, methods: ['GET'], headers: null },
      exposeHeaders: null,
      maxAgeSeconds: null,
    },
  ],
  [
    'nulls in a lock rule',
    'locks',
    'lock',
    { ...bare, prefix: null, condition: { type: 'Indefinite', date: null } },
  ],
]

describe.each(SHOWN)('%s', (_, resource, path, rule) => {
  test('is taken as it is shown', async () => {
    const key = await keyWithGrants(everything)
    const body = JSON.stringify({ success: true, errors: [], messages: [], result: { rules: [rule] } })
    await emulator.faults({ operation: `buckets.${resource}.get`, status: 200, body })
    const own = `/v1/buckets/${BUCKET}/${path}`
    const shown: unknown = await (await call(own, { key })).json()
    const dryRun = await call(`${own}?dryRun=true`, { key, method: 'PUT', body: shown })
    expect([dryRun.status, await dryRun.json()]).toMatchObject([200, { allowed: true }])
  })
})

test('rules that are null are none', async () => {
  const key = await keyWithGrants(everything)
  const body = JSON.stringify({ success: true, errors: [], messages: [], result: { rules: null } })
  await emulator.faults({ operation: 'buckets.lifecycle.get', status: 200, body })
  expect(await (await call(`/v1/buckets/${BUCKET}/lifecycle`, { key })).json()).toEqual({ rules: [] })
})
