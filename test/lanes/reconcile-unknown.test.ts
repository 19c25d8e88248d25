import { describe, expect, test } from 'vitest'
import { askUpstream } from '../audit/past-the-warden.ts'
import { faultIn } from '../audit/store.ts'
import { idOf } from '../audit/written.ts'
import { emulator, everything, keyWithGrants } from '../harness.ts'
import { v1, v4 } from './dialects.ts'
import { anHourLater, insideOf, outcomeOfRecord, placed, recordOf, ring, ringLater } from './reconciling.ts'

/** What cannot be known is recorded as that, and not guessed. */

const SAME = [
  'buckets.edit',
  'buckets.lifecycle.update',
  'buckets.cors.update',
  'buckets.domains.managed.update',
  'buckets.locks.update',
  'buckets.sippy.update',
]

describe('a replacement by what was there already', () => {
  test.each(SAME)('leaves no trace, and may have been done or not: %s', async (name) => {
    const key = await keyWithGrants(everything)
    for (const applied of [true, false]) {
      const { example, lane } = await placed(name)
      await v1.send(example, { key })
      await emulator.faults({ operation: name, status: 500, applied })
      const id = idOf(await v1.send(example, { key }))
      await ringLater(lane)
      expect(await recordOf(id)).toMatchObject({ outcome: 'unknown', reconciled: 1, code: 'upstream_error' })
      expect(await faultIn(lane)).toBeNull()
    }
  })
})

test('a value that somebody put there meanwhile, past the warden, tells nothing of the change', async () => {
  const key = await keyWithGrants(everything)
  const { example, lane, bucket } = await placed('buckets.locks.update')
  await emulator.faults({ operation: example.name, kind: 'broken-connection', applied: true })
  const id = idOf(await v1.send(example, { key }))
  const rules = [{ id: 'theirs', enabled: true, condition: { type: 'Indefinite' } }]
  await askUpstream(`/r2/buckets/${bucket}/lock`, { method: 'PUT', body: { rules } })
  await ringLater(lane)
  expect(await outcomeOfRecord(id)).toBe('unknown')
})

test.each([
  [true, 'happened'],
  [false, 'did_not_happen'],
])(
  'no list at all, which v4 takes for an empty one, can be seen to be there or not: %s',
  async (applied, outcome) => {
    const key = await keyWithGrants(everything)
    const { example, lane } = await placed('buckets.lifecycle.update')
    await v1.send(example, { key })
    await emulator.faults({ operation: example.name, status: 500, applied })
    const id = idOf(await v4.send({ ...example, body: {} }, { key }))
    await ringLater(lane)
    expect(await outcomeOfRecord(id)).toBe(outcome)
  },
)

describe('while Cloudflare cannot be read', () => {
  const ATTEMPTS = 12

  async function unreadable() {
    const key = await keyWithGrants(everything)
    const change = await placed('buckets.locks.update')
    await emulator.faults({ operation: change.name, kind: 'broken-connection', applied: true })
    const asking = { key, headers: { 'idempotency-key': crypto.randomUUID() } }
    const id = idOf(await v1.send(change.example, asking))
    await emulator.faults({ operation: 'buckets.locks.get', times: 500, status: 403 })
    return { key, asking, id, ...change }
  }

  test('a change stays pending, and is looked for again after ever longer pauses', async () => {
    const { id, lane } = await unreadable()
    const pauses: number[] = []
    await anHourLater(async () => {
      for (let attempt = 1; attempt <= 4; attempt += 1) {
        expect(await ring(lane)).toBe(true)
        expect(await outcomeOfRecord(id)).toBe('pending')
        pauses.push((((await insideOf(lane)).alarm ?? 0) - Date.now()) / 1000)
      }
    })
    expect(pauses).toEqual([1, 2, 4, 8])
  })

  test('it is found as soon as it can be read', async () => {
    const { id, lane } = await unreadable()
    await anHourLater(async () => {
      for (const _ of [1, 2, 3]) await ring(lane)
    })
    await emulator.noMoreFaults()
    await ring(lane)
    expect(await recordOf(id)).toMatchObject({ outcome: 'happened', reconciled: 1 })
  })

  test('for too long, it is recorded as unknown, and the lane goes on', async () => {
    const { key, id, lane, example } = await unreadable()
    await anHourLater(async () => {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) await ring(lane)
      expect(await outcomeOfRecord(id)).toBe('pending')
      await ring(lane)
    })
    expect(await recordOf(id)).toMatchObject({ outcome: 'unknown', reconciled: 1, afterDigest: null })
    await emulator.noMoreFaults()
    expect((await v1.send(example, { key })).status).toBe(204)
    expect(await faultIn(lane)).toBeNull()
  })

  test('callers in a hurry use up none of the attempts, and nothing is sent for them', async () => {
    const { key, id, lane, example } = await unreadable()
    for (let attempt = 0; attempt <= ATTEMPTS + 1; attempt += 1)
      expect((await v1.send(example, { key })).status).toBe(503)
    expect(await outcomeOfRecord(id)).toBe('pending')
    expect((await insideOf(lane)).memory?.pending?.attempts).toBe(0)
    const sent = (await emulator.changes()).filter(({ operation }) => operation === example.name)
    expect(sent).toHaveLength(1)
  })

  test('its idempotency key keeps the first answer, whatever is found', async () => {
    const { asking, lane, example } = await unreadable()
    await anHourLater(async () => {
      for (let attempt = 0; attempt <= ATTEMPTS; attempt += 1) await ring(lane)
    })
    const again = await v1.send(example, asking)
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([502, 'true'])
  })
})
