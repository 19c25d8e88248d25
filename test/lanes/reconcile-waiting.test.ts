import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { faultIn } from '../audit/store.ts'
import { idOf, writtenBy } from '../audit/written.ts'
import { call, emulator, everything, keyWithGrants, problemOf } from '../harness.ts'
import { v1 } from './dialects.ts'
import { anHourLater, insideOf, outcomeOfRecord, type Placed, placed, ring } from './reconciling.ts'

/** Nobody builds on a change that may still be on its way: what comes after it waits, and is told how long. */

const DEADLINE_MS = Number(env.UPSTREAM_DEADLINE_MS)

/** A change that was sent, and of which nothing has been heard since. */
async function unheard(fault: Record<string, unknown> = { kind: 'broken-connection' }) {
  const key = await keyWithGrants(everything)
  const change = await placed('buckets.locks.update')
  await emulator.faults({ operation: change.name, ...fault })
  return { key, ...change, id: idOf(await v1.send(change.example, { key })) }
}

const sentFor = async ({ name }: Pick<Placed, 'name'>) =>
  (await emulator.changes()).filter(({ operation }) => operation === name).length

describe('the next change of a lane', () => {
  test('is refused while an earlier one may still arrive: nothing is sent or recorded', async () => {
    const { key, example, name } = await unheard()
    const { result: response, records } = await writtenBy(() => v1.send(example, { key }))
    expect(await problemOf(response)).toMatchObject({ status: 503, code: 'unavailable' })
    const seconds = Number(response.headers.get('retry-after'))
    expect(seconds).toBeGreaterThanOrEqual(1)
    expect(seconds).toBeLessThanOrEqual(DEADLINE_MS / 1000 + 2)
    expect(records).toEqual([])
    expect(await sentFor({ name })).toBe(1)
  })

  test('is made when the time to wait is over, after the earlier one is settled', async () => {
    const { key, example, id, lane, name } = await unheard()
    const response = await anHourLater(() => v1.send(example, { key }))
    expect(response.status).toBe(204)
    expect(await outcomeOfRecord(id)).toBe('did_not_happen')
    expect(await sentFor({ name })).toBe(2)
    expect(await faultIn(lane)).toBeNull()
  })

  test('is made at once when the earlier one is seen to have arrived', async () => {
    const { key, example, id } = await unheard({ kind: 'broken-connection', applied: true })
    expect((await v1.send(example, { key })).status).toBe(204)
    expect(await outcomeOfRecord(id)).toBe('happened')
  })

  test('is made at once when Cloudflare itself said that it failed', async () => {
    const { key, example, id } = await unheard({ status: 500 })
    expect((await v1.send(example, { key })).status).toBe(204)
    expect(await outcomeOfRecord(id)).toBe('did_not_happen')
  })

  test.each([
    ['502', { kind: 'not-json', status: 502 }],
    ['504', { kind: 'not-json', status: 504 }],
    ['524', { kind: 'not-json', status: 524 }],
  ])('waits after the %s of a gateway: what is behind it may still be at work', async (_, fault) => {
    const { key, example, id } = await unheard(fault)
    expect((await v1.send(example, { key })).status).toBe(503)
    expect(await outcomeOfRecord(id)).toBe('pending')
  })

  test('is refused while Cloudflare cannot be read, and made once it can', async () => {
    const { key, example } = await unheard({ kind: 'broken-connection', applied: true })
    await emulator.faults({ operation: 'buckets.locks.get', times: 99, status: 403 })
    const response = await v1.send(example, { key })
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
    await emulator.noMoreFaults()
    expect((await v1.send(example, { key })).status).toBe(204)
  })

  test('is made with what the earlier one left behind as what was there before', async () => {
    const { key, example, id } = await unheard({ kind: 'broken-connection', applied: true })
    const shorter = { rules: [] }
    const { records } = await writtenBy(() => v1.send({ ...example, body: shorter }, { key }))
    const after = (await writtenBy(() => v1.send(example, { key }))).records
    expect(records).toMatchObject([{ outcome: 'happened', sequence: 2 }])
    expect(after).toMatchObject([{ beforeDigest: records[0]?.afterDigest }])
    expect(await outcomeOfRecord(id)).toBe('happened')
  })
})

test('many that come meanwhile are all told to come again, and one after the other is made afterwards', async () => {
  const { key, example, name } = await unheard()
  const all = () => Promise.all([1, 2, 3, 4, 5].map(async () => (await v1.send(example, { key })).status))
  expect(new Set(await all())).toEqual(new Set([503]))
  expect(new Set(await anHourLater(all))).toEqual(new Set([204]))
  expect(await sentFor({ name })).toBe(6)
})

test('reads do not wait', async () => {
  const { key, bucket } = await unheard()
  expect((await call(`/v1/buckets/${bucket}/lock`, { key })).status).toBe(200)
})

test('other lanes do not wait', async () => {
  const { key } = await unheard()
  const { example } = await placed('buckets.locks.update')
  expect((await v1.send(example, { key })).status).toBe(204)
})

describe('the alarm', () => {
  test('comes when what was on its way has arrived or never will, and no sooner', async () => {
    const before = Date.now()
    const { lane } = await unheard()
    const { alarm, memory } = await insideOf(lane)
    expect(alarm).toBe(memory?.pending?.notBefore)
    expect(alarm).toBeGreaterThan(before + DEADLINE_MS)
  })

  test('that comes too soon is set again', async () => {
    const { id, lane } = await unheard()
    expect(await ring(lane)).toBe(true)
    expect(await outcomeOfRecord(id)).toBe('pending')
    const { alarm, memory } = await insideOf(lane)
    expect(alarm).toBeGreaterThanOrEqual(memory?.pending?.notBefore ?? Number.POSITIVE_INFINITY)
  })

  test('is not set again when everything is settled', async () => {
    const { lane } = await unheard({ kind: 'broken-connection', applied: true })
    expect(await ring(lane)).toBe(true)
    expect(await insideOf(lane)).toMatchObject({ alarm: null, memory: { pending: null } })
    expect(await ring(lane)).toBe(false)
  })

  test('is not left behind by a change that ended as it should', async () => {
    const key = await keyWithGrants(everything)
    const { example, lane } = await placed('buckets.locks.update')
    await v1.send(example, { key })
    expect(await insideOf(lane)).toMatchObject({ alarm: null, memory: { pending: null } })
  })
})
