import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test } from 'vitest'
import { faultIn, store } from '../audit/store.ts'
import { type Said, writeLane } from '../audit/trail.ts'
import { idOf } from '../audit/written.ts'
import { emulator, everything, keyWithGrants, run, until } from '../harness.ts'
import { consoleLines } from '../leak-watch.ts'
import { v1 } from './dialects.ts'
import {
  anHourLater,
  insideOf,
  kill,
  onlyRungAlarms,
  outcomeOfRecord,
  placed,
  recordOf,
  ring,
  ringLater,
} from './reconciling.ts'
import { keyed } from './repeating.ts'
import { away, closing, during } from './trail-away.ts'

/** Whatever keeps a lane from closing a change, it ends: as what is known of it, or as unknown. Then the lane goes on. */

const FAILURES = 12
const LONGEST_PAUSE_MS = 5 * 60_000

/** What is stuck here can be settled by nobody else either. */
afterEach(() => run(["DELETE FROM audit WHERE outcome = 'pending'"]))

const inside = async (lane: string) => (await insideOf(lane)).memory?.pending

/** Lets the alarm of a lane ring until so many attempts were made, or none is needed any more. */
async function attempt(lane: string, attempts: number): Promise<void> {
  while (((await inside(lane))?.attempts ?? attempts) < attempts) await ring(lane)
}

/** A change that is pending in the store, of which its lane knows nothing yet. */
async function found(said: Said) {
  const key = await keyWithGrants(everything)
  const { example, bucket, lane } = await placed('buckets.locks.update')
  const id = crypto.randomUUID()
  const usual = { operation: 'buckets.locks.update', bucket, team: 'team', at: Date.now() - 3_600_000 }
  await store(await writeLane(lane, [{ ...usual, ...said, id, outcome: 'pending' }]))
  expect(await env.LANES.getByName(lane).reconcile(lane).catch(String)).toContain('is not known yet')
  return { key, example, lane, id }
}

/** A change that was carried out, and whose answer was lost. */
async function lost() {
  const key = await keyWithGrants(everything)
  const change = await placed('buckets.locks.update')
  await emulator.faults({ operation: change.name, kind: 'broken-connection', applied: true })
  const asking = keyed(key, crypto.randomUUID())
  const id = idOf(await v1.send(change.example, asking))
  return { key, asking, ...change, id }
}

describe('what can never be settled is recorded as unknown after so many attempts, and the lane goes on', () => {
  const CASES: readonly { what: string; said: Said }[] = [
    { what: 'a change by an operation that nobody knows any more', said: { operation: 'buckets.teleport' } },
    { what: 'a body that is no JSON', said: { values: { body: '{', before: '{"rules":[]}' } } },
    {
      what: 'a configuration before that is no JSON',
      said: { values: { body: '{"rules":[]}', before: '' } },
    },
  ]

  test.each(CASES)('$what', async ({ said }) => {
    const { key, example, lane, id } = await found(said)
    await attempt(lane, FAILURES)
    expect(await outcomeOfRecord(id)).toBe('pending')
    await attempt(lane, FAILURES + 1)
    expect(await recordOf(id)).toMatchObject({ outcome: 'unknown', reconciled: 1 })
    expect((await v1.send(example, { key })).status).toBe(204)
    expect(await faultIn(lane)).toBeNull()
  })

  test('a configuration that is too deep to be read', async () => {
    const { key, example, lane, id } = await lost()
    const deep = `{"success":true,"errors":[],"messages":[],"result":${'['.repeat(50_000)}${']'.repeat(50_000)}}`
    await emulator.faults({ operation: 'buckets.locks.get', body: deep, times: 99 })
    await attempt(lane, FAILURES + 1)
    expect(await outcomeOfRecord(id)).toBe('unknown')
    await emulator.noMoreFaults()
    expect((await v1.send(example, { key })).status).toBe(204)
  })

  test('is told to callers as what they may try again, and said in the log with its cause', async () => {
    const { key, example } = await found({ operation: 'buckets.teleport' })
    const response = await v1.send(example, { key })
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
    const said = consoleLines().filter((line) => line.includes('no operation is called buckets.teleport'))
    expect(said.length).toBeGreaterThan(0)
  })

  test('callers use up none of the attempts', async () => {
    const { key, example, lane } = await found({ operation: 'buckets.teleport' })
    for (let count = 0; count <= FAILURES; count += 1) await v1.send(example, { key })
    expect(await inside(lane)).toMatchObject({ attempts: 0, failures: 0 })
  })

  test('whoever repeats it under its idempotency key is told so', async () => {
    const { asking, example, lane, id } = await lost()
    await run([`UPDATE idempotency_keys SET answer = NULL WHERE audit_id = '${id}'`])
    await emulator.faults({ operation: 'buckets.locks.get', times: 99, status: 403 })
    await attempt(lane, FAILURES + 1)
    const again = await v1.send(example, asking)
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([409, 'true'])
  })
})

describe('an ending that the store refuses, being there', () => {
  /** Somebody has put a value where that of the record belongs. */
  async function refused() {
    const key = await keyWithGrants(everything)
    const change = await placed('buckets.locks.update')
    await emulator.hold({ operation: change.name })
    const answered = v1.send(change.example, { key })
    let id: string | null = null
    while (id === null)
      id = await env.DB.prepare("SELECT id FROM audit WHERE lane = ?1 AND outcome = 'pending'")
        .bind(change.lane)
        .first<string>('id')
    await run([`INSERT INTO audit_values (id, part, value) VALUES ('${id}', 'after', 'stray')`])
    await emulator.noMoreFaults()
    expect((await answered).status).toBe(204)
    return { key, ...change, id }
  }

  test('is written without its values after so many attempts, as what it was', async () => {
    const { key, example, lane, id } = await refused()
    await attempt(lane, FAILURES)
    expect(await outcomeOfRecord(id)).toBe('pending')
    await attempt(lane, FAILURES + 1)
    expect(await recordOf(id)).toMatchObject({ outcome: 'happened', reconciled: 0, afterDigest: null })
    expect((await v1.send(example, { key })).status).toBe(204)
  })

  test('does not hide that somebody was at its values', async () => {
    const { lane } = await refused()
    await attempt(lane, FAILURES + 1)
    expect(await faultIn(lane)).toMatchObject({ problem: expect.stringContaining('"after"') })
  })
})

describe('while the store is away', () => {
  onlyRungAlarms()

  test('the attempts go on at the longest pause, and none of them counts', async () => {
    const { lane, id } = await lost()
    const before = Date.now()
    await during(away, () => attempt(lane, FAILURES * 2))
    const { alarm, memory } = await insideOf(lane)
    expect(memory?.pending).toMatchObject({ attempts: FAILURES * 2, failures: 0 })
    expect(alarm).toBeGreaterThanOrEqual(before + LONGEST_PAUSE_MS)
    await ring(lane)
    expect(await recordOf(id)).toMatchObject({ outcome: 'happened', afterDigest: expect.any(String) })
  })

  test('an ending that is known is kept whole, and written as soon as it is back', async () => {
    const key = await keyWithGrants(everything)
    const { example, lane, name } = await placed('buckets.locks.update')
    await emulator.hold({ operation: name })
    const changing = v1.send(example, { key })
    await until(async () => (await emulator.changes()).length === 1)
    const id = await during(away, async () => {
      await emulator.noMoreFaults()
      const response = await changing
      await attempt(lane, FAILURES * 2)
      return idOf(response)
    })
    await ring(lane)
    expect(await recordOf(id)).toMatchObject({
      outcome: 'happened',
      reconciled: 0,
      afterDigest: expect.any(String),
    })
    expect(await faultIn(lane)).toBeNull()
  })

  test('for writing only, what is known is written as soon as it takes it', async () => {
    const key = await keyWithGrants(everything)
    const { example, lane } = await placed('buckets.locks.update')
    const id = await during(closing, async () => {
      const response = await v1.send(example, { key })
      await attempt(lane, FAILURES * 2)
      return idOf(response)
    })
    expect(await outcomeOfRecord(id)).toBe('pending')
    await ring(lane)
    expect(await recordOf(id)).toMatchObject({ outcome: 'happened', reconciled: 0 })
    expect(await faultIn(lane)).toBeNull()
  })
})

test('a lane without its alarm is given one when it is reminded in vain', async () => {
  const { lane } = await lost()
  await emulator.faults({ operation: 'buckets.locks.get', times: 99, status: 403 })
  await runInDurableObject(env.LANES.getByName(lane), (_, { storage }) => storage.deleteAlarm())
  await env.LANES.getByName(lane).reconcile(lane).catch(String)
  expect((await insideOf(lane)).alarm).not.toBeNull()
})

describe('what a lane remembers and cannot read', () => {
  /** As an earlier version kept it: the ending with its values, as JSON inside JSON. */
  const OLD = JSON.stringify({
    lane: 'bucket:default/one',
    sequence: 0,
    hash: '0'.repeat(64),
    pending: {
      record: {},
      isRecorded: true,
      ending: { record: {}, after: '{}', answer: '{}' },
      notBefore: 0,
      attempts: 0,
    },
  })
  const DAMAGED = [
    ['that of an earlier version', OLD],
    ['no JSON', '{"lane":'],
    ['nothing', ''],
    ['something else', '[]'],
  ] as const

  async function damage(lane: string, state: string): Promise<void> {
    await runInDurableObject(env.LANES.getByName(lane), (_, { storage }) => {
      storage.sql.exec('UPDATE memory SET state = ?', state)
    })
    await kill(lane)
  }

  test.each(DAMAGED)('%s: its chain goes on where the store’s ends', async (_, state) => {
    const key = await keyWithGrants(everything)
    const { example, lane } = await placed('buckets.locks.update')
    await v1.send(example, { key })
    await damage(lane, state)
    expect((await v1.send(example, { key })).status).toBe(204)
    expect((await recordOf(idOf(await v1.send(example, { key })))).sequence).toBe(3)
    expect(await faultIn(lane)).toBeNull()
  })

  test.each(DAMAGED)('%s: what was pending is found in the store by the alarm', async (_, state) => {
    const { lane, id } = await lost()
    await damage(lane, state)
    await ring(lane)
    await until(async () => (await outcomeOfRecord(id)) === 'happened')
    expect((await recordOf(id)).reconciled).toBe(1)
    expect(await faultIn(lane)).toBeNull()
  })

  test('is said in the log, and nothing of what it was', async () => {
    const { lane } = await lost()
    await damage(lane, '{"secret":"value')
    await ringLater(lane)
    const said = consoleLines().filter((line) => line.includes('what a lane remembers cannot be read'))
    expect(said).toEqual([expect.stringContaining(lane)])
    expect(said.join()).not.toContain('secret')
  })

  test('nothing is built on a change that may still be on its way', async () => {
    const key = await keyWithGrants(everything)
    const { example, lane, name } = await placed('buckets.locks.update')
    await emulator.faults({ operation: name, kind: 'broken-connection' })
    await v1.send(example, { key })
    await damage(lane, '')
    for (const _ of [1, 2]) expect((await v1.send(example, { key })).status).toBe(503)
    expect((await anHourLater(() => v1.send(example, { key }))).status).toBe(204)
  })
})
