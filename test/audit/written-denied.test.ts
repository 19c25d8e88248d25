import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../src/encoding/canonical-json.ts'
import { A } from '../dialects/v4-examples.ts'
import { applyPolicy, call, createKey, emulator, everything, keyWithGrants, run } from '../harness.ts'
import { exampleOf, inBoth, v1 } from '../lanes/dialects.ts'
import { BUCKET, changes } from '../routes/examples.ts'
import { cases, guardedKey } from '../routes/guardrails-cases.ts'
import { aboutExample } from './configured.ts'
import { askUpstream } from './past-the-warden.ts'
import { idOf, valuesOf, writtenBy } from './written.ts'

/** Whoever tries a door that is closed to them is on record, with the door and what kept it closed. */

const LOCK = exampleOf('buckets.locks.update')
const denied = { decision: 'denied', outcome: 'denied', reconciled: 0, upstreamStatus: null, cfRay: null }

describe.each(inBoth(changes))('$name in $dialect', ({ example, dialect, spoken }) => {
  test('that no grant allows leaves one record of who tried what, and nothing is sent', async () => {
    const key = await keyWithGrants()
    const headers = { 'cf-connecting-ip': '192.0.2.7' }
    const { result: response, records } = await writtenBy(() => spoken.send(example, { key, headers }))
    expect(response.status).toBe(403)
    expect(records).toMatchObject([
      {
        ...denied,
        id: idOf(response),
        lane: 'denials:team',
        team: 'team',
        keyId: key.split('_')[1],
        dialect,
        operation: example.name,
        ...aboutExample(example),
        rule: 'no-grant',
        code: 'forbidden',
        clientAddress: '192.0.2.7',
      },
    ])
    expect(await emulator.received()).toEqual([])
  })
})

test.each(cases)('a $kind guardrail that is violated is named, and nothing is sent', async (one) => {
  const key = await guardedKey({ name: 'ours', [one.kind]: one.options })
  const { records } = await writtenBy(() =>
    call(`/v1${one.path}`, { key, method: one.method, body: one.refused }),
  )
  expect(records).toMatchObject([
    { ...denied, lane: 'denials:team', rule: 'ours', code: 'guardrail_violation', operation: one.operation },
  ])
  expect(await emulator.received()).toEqual([])
})

test('all guardrails that are violated are named', async () => {
  const locks = { minRetention: '30d' }
  const key = await guardedKey(
    { name: 'one', locks },
    { name: 'other', locks },
    { name: 'mild', mode: 'warn', locks },
  )
  const { records } = await writtenBy(() => v1.send(LOCK, { key }))
  expect(records).toMatchObject([{ ...denied, rule: 'one, other' }])
})

describe.each(['organization', 'team'])('a deny rule of the %s', (from) => {
  test('is named, and nothing is sent', async () => {
    const deny = [{ name: 'hands-off', permissions: ['*'], buckets: ['*'] }]
    const part = { grants: [everything] }
    await applyPolicy(
      from === 'team'
        ? { teams: { team: { ...part, deny } } }
        : { organization: { deny }, teams: { team: part } },
    )
    const key = await createKey('team')
    const { records } = await writtenBy(() => v1.send(LOCK, { key }))
    expect(records).toMatchObject([{ ...denied, lane: 'denials:team', rule: 'hands-off', code: 'denied' }])
    expect(await emulator.received()).toEqual([])
  })
})

test('what the scope of a key leaves out is recorded as that, and nothing is sent', async () => {
  await keyWithGrants(everything)
  const key = await createKey('team', { role: 'viewer' })
  const { records } = await writtenBy(() => v1.send(LOCK, { key }))
  expect(records).toMatchObject([
    { ...denied, lane: 'denials:team', rule: 'out-of-scope', code: 'forbidden' },
  ])
  expect(await emulator.received()).toEqual([])
})

test('what is denied because the policy cannot be read is recorded as that', async () => {
  await keyWithGrants(everything)
  await run(["UPDATE policies SET shared = 'nonsense'"])
  const key = await createKey('team')
  const { records } = await writtenBy(() => v1.send(LOCK, { key }))
  expect(records).toMatchObject([{ ...denied, rule: 'broken-policy', code: 'forbidden' }])
})

test('a guardrail that compares with what is there is named, in the lane of the bucket, and nothing is changed', async () => {
  const longer = [{ id: 'keep', enabled: true, condition: { type: 'Age', maxAgeSeconds: 3600 } }]
  await askUpstream(`/r2/buckets/${BUCKET}/lock`, { method: 'PUT', body: { rules: longer } })
  const key = await guardedKey({ name: 'kept', locks: { neverWeaken: true } })
  const { records } = await writtenBy(() => v1.send(LOCK, { key }))
  expect(records).toMatchObject([
    { ...denied, lane: `bucket:default/${BUCKET}`, rule: 'kept', code: 'guardrail_violation' },
  ])
  expect(await emulator.changes()).toHaveLength(1)
})

test('a creation over the limit of a team names the limit, and nothing is sent', async () => {
  await applyPolicy({ teams: { team: { grants: [everything], limits: { buckets: 0 } } } })
  const key = await createKey('team')
  const { records } = await writtenBy(() => v1.send(exampleOf('buckets.create'), { key }))
  expect(records).toMatchObject([
    { ...denied, lane: 'bucket:default/media-new', rule: 'limits.buckets', code: 'quota_exceeded' },
  ])
  expect(await emulator.changes()).toEqual([])
})

test('what was to be written is on record, without what was there', async () => {
  const { records } = await writtenBy(async () => v1.send(LOCK, { key: await keyWithGrants() }))
  expect(records[0] && (await valuesOf(records[0]))).toEqual({ body: LOCK.body })
})

test.each([5, null, 'not a host', 'x'.repeat(300), {}, undefined])(
  'a denial on v4 is one, and on record, whatever stands for the domain: %s',
  async (domain) => {
    const key = await keyWithGrants()
    const path = `${A}/r2/buckets/${BUCKET}/domains/custom`
    const { result: response, records } = await writtenBy(() =>
      call(path, { key, method: 'POST', body: { domain } }),
    )
    expect(response.status).toBe(403)
    expect(records).toMatchObject([
      { ...denied, params: canonicalJson({ bucket: BUCKET }), rule: 'no-grant' },
    ])
  },
)

test('another team’s denials are in a lane of their own', async () => {
  await applyPolicy({ teams: { one: {}, other: {} } })
  const keys = [await createKey('one'), await createKey('other')]
  const { records } = await writtenBy(async () => {
    for (const key of keys) await v1.send(LOCK, { key })
  })
  expect(records.map(({ lane }) => lane)).toEqual(['denials:one', 'denials:other'])
})

test('each try is a record of its own', async () => {
  const key = await keyWithGrants()
  const { records } = await writtenBy(() => Promise.all([1, 2, 3, 4, 5].map(() => v1.send(LOCK, { key }))))
  expect(records).toHaveLength(5)
  expect(new Set(records.map(({ sequence }) => sequence)).size).toBe(5)
})

test('a body that is too large to be kept for nothing is told by its length', async () => {
  const key = await keyWithGrants({ role: 'viewer', buckets: ['*'] })
  const rules = Array.from({ length: 1000 }, (_, index) => ({
    id: `rule-${index}`,
    enabled: true,
    conditions: { prefix: 'a'.repeat(100) },
  }))
  const response = await call('/v1/buckets/media-assets/lifecycle', { key, method: 'PUT', body: { rules } })
  const id = response.headers.get('x-request-id')
  const record = await (await call(`/v1/audit/${id}`, { key })).json<{ body: { omitted: number } }>()
  expect(record.body.omitted).toBeGreaterThan(100_000)
})
