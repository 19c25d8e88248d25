import { createScheduledController, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import worker from '../../src/index.ts'
import { faultIn } from '../audit/store.ts'
import { idOf } from '../audit/written.ts'
import { emulator, everything, keyWithGrants, problemOf, run, until } from '../harness.ts'
import { consoleLines } from '../leak-watch.ts'
import { v1 } from './dialects.ts'
import { anHourLater, kill, outcomeOfRecord, placed, recordOf, ring, ringLater } from './reconciling.ts'

/** A lane may end at any moment. What it had begun is on record, and is settled by the lane that comes after. */

const NAME = 'buckets.locks.update'
const stubOf = (lane: string) => env.LANES.getByName(lane)

/** Changes what a lane remembers, and ends it. */
async function rewrite(lane: string, change: (state: string) => string): Promise<void> {
  await runInDurableObject(stubOf(lane), (_, { storage: { sql } }) => {
    const [row] = sql.exec<{ state: string }>('SELECT state FROM memory').toArray()
    sql.exec('UPDATE memory SET state = ?', change(row?.state ?? ''))
  })
  await kill(lane)
}

/** A change whose lane is killed while it is at Cloudflare. */
async function killedUnderWay(applied: boolean, headers?: Record<string, string>) {
  const key = await keyWithGrants(everything)
  const change = await placed(NAME)
  await emulator.hold({ operation: NAME, applied, ...(!applied && { status: 500 }) })
  const answered = v1.send(change.example, { key, ...(headers && { headers }) })
  await until(async () => (await emulator.changes()).at(-1)?.operation === NAME)
  await kill(change.lane)
  const response = await answered
  return { key, ...change, response, id: idOf(response) }
}

describe.each([
  [true, 'happened'],
  [false, 'did_not_happen'],
])('a lane that is killed while its change is at Cloudflare (done: %s)', (applied, outcome) => {
  test('tells its caller where to find out', async () => {
    const { response, id } = await killedUnderWay(applied)
    expect(await problemOf(response)).toMatchObject({ status: 500, code: 'internal', audit: id })
    expect(await outcomeOfRecord(id)).toBe('pending')
  })

  test(`finds out that it ${outcome} when it is there again`, async () => {
    const { lane, id } = await killedUnderWay(applied)
    await ringLater(lane)
    expect(await recordOf(id)).toMatchObject({ outcome, reconciled: 1, upstreamStatus: null, cfRay: null })
    expect(await faultIn(lane)).toBeNull()
  })

  test('finds out before it makes the next change', async () => {
    const { key, example, lane, id } = await killedUnderWay(applied)
    expect((await anHourLater(() => v1.send(example, { key }))).status).toBe(204)
    expect(await outcomeOfRecord(id)).toBe(outcome)
    expect(await faultIn(lane)).toBeNull()
  })

  test('gives a repetition under the idempotency key what became of it', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const { key, example, lane } = await killedUnderWay(applied, headers)
    await ringLater(lane)
    const again = await v1.send(example, { key, headers })
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([204, applied ? 'true' : null])
    expect(await emulator.changes()).toHaveLength(applied ? 1 : 2)
  })
})

test('a repetition under the idempotency key of a change that nobody knows the end of is told so', async () => {
  const key = await keyWithGrants(everything)
  const headers = { 'idempotency-key': crypto.randomUUID() }
  const { example, lane } = await placed(NAME)
  await v1.send(example, { key })
  await emulator.hold({ operation: NAME })
  const answered = v1.send(example, { key, headers })
  await until(async () => (await emulator.changes()).length === 2)
  await kill(lane)
  const id = idOf(await answered)
  await ringLater(lane)
  expect(await outcomeOfRecord(id)).toBe('unknown')
  const problem = await problemOf(v1.send(example, { key, headers }))
  expect(problem).toMatchObject({
    status: 409,
    code: 'idempotency_conflict',
    detail: expect.stringContaining(id),
  })
})

test('a lane that ends between two changes goes on where it was', async () => {
  const key = await keyWithGrants(everything)
  const { example, lane } = await placed(NAME)
  for (const _ of [1, 2, 3]) {
    const id = idOf(await v1.send(example, { key }))
    expect((await recordOf(id)).outcome).toBe('happened')
    await kill(lane)
  }
  expect(await faultIn(lane)).toBeNull()
})

describe('an intent', () => {
  /** One that is on record, and of which nothing has been heard. */
  async function open(applied = false) {
    const key = await keyWithGrants(everything)
    const change = await placed(NAME)
    await emulator.faults({ operation: NAME, kind: 'broken-connection', applied })
    return { key, ...change, id: idOf(await v1.send(change.example, { key })) }
  }

  test('that the lane did not see written was not sent', async () => {
    const { lane, id } = await open()
    await rewrite(lane, (state) => state.replace('"isRecorded":true', '"isRecorded":false'))
    await ring(lane)
    expect(await recordOf(id)).toMatchObject({ outcome: 'did_not_happen', reconciled: 1 })
    expect(await faultIn(lane)).toBeNull()
  })

  test('that was never written is forgotten, and the chain has no gap', async () => {
    const { key, example, lane, id } = await open()
    await rewrite(lane, (state) => state.replace('"isRecorded":true', '"isRecorded":false'))
    await run([`DELETE FROM audit_values WHERE id = '${id}'`, `DELETE FROM audit WHERE id = '${id}'`])
    await ring(lane)
    const next = await recordOf(idOf(await v1.send(example, { key })))
    expect(next).toMatchObject({ sequence: 1, outcome: 'happened' })
    expect(await faultIn(lane)).toBeNull()
  })

  test('that was closed without the lane seeing it is left as it is', async () => {
    const { key, example, lane, id } = await open(true)
    const state = await runInDurableObject(
      stubOf(lane),
      (_, { storage: { sql } }) => sql.exec('SELECT state FROM memory').one().state,
    )
    await ringLater(lane)
    const closed = await recordOf(id)
    await rewrite(lane, () => String(state))
    await ringLater(lane)
    expect(await recordOf(id)).toEqual(closed)
    await v1.send(example, { key })
    expect(await faultIn(lane)).toBeNull()
  })

  describe.each([
    [true, 'happened'],
    [false, 'did_not_happen'],
  ])('of a lane that has lost its memory (done: %s)', (applied, outcome) => {
    const forget = async (lane: string) => {
      await runInDurableObject(stubOf(lane), async (_, { storage }) => {
        await storage.deleteAlarm()
        await storage.deleteAll()
      })
      await kill(lane)
    }

    test('is found before the next change is made', async () => {
      const { key, example, lane, id } = await open(applied)
      await forget(lane)
      expect((await anHourLater(() => v1.send(example, { key }))).status).toBe(204)
      expect(await outcomeOfRecord(id)).toBe(outcome)
      expect(await faultIn(lane)).toBeNull()
    })

    test('is waited for while it may still arrive', async () => {
      const { key, example, lane } = await open(applied)
      await forget(lane)
      expect((await v1.send(example, { key })).status).toBe(applied ? 204 : 503)
    })

    test('is settled when the clock reminds the lane', async () => {
      const { lane, id } = await open(applied)
      await forget(lane)
      await anHourLater(remind)
      expect(await recordOf(id)).toMatchObject({ outcome, reconciled: 1 })
      expect(await faultIn(lane)).toBeNull()
    })
  })
})

/** What the clock does, now. */
const remind = () =>
  worker.scheduled(createScheduledController({ scheduledTime: new Date(), cron: '17 * * * *' }), env)

describe('the clock', () => {
  const lost = async () => {
    const key = await keyWithGrants(everything)
    const change = await placed(NAME)
    await emulator.faults({ operation: NAME, kind: 'broken-connection', applied: true })
    return { ...change, id: idOf(await v1.send(change.example, { key })) }
  }

  test('reminds lanes of what has long been pending', async () => {
    const [one, other] = [await lost(), await lost()]
    await anHourLater(remind)
    expect([await outcomeOfRecord(one.id), await outcomeOfRecord(other.id)]).toEqual(['happened', 'happened'])
  })

  test('leaves alone what the lane itself has still to come to', async () => {
    const { id } = await lost()
    await remind()
    expect(await outcomeOfRecord(id)).toBe('pending')
  })

  test('goes on to other lanes when one cannot settle', async () => {
    const stuck = await lost()
    const key = await keyWithGrants(everything)
    const other = await placed('buckets.cors.update')
    await emulator.faults({ operation: other.name, kind: 'broken-connection', applied: true })
    const id = idOf(await v1.send(other.example, { key }))
    await emulator.faults({ operation: 'buckets.locks.get', times: 99, status: 403 })
    await anHourLater(remind)
    expect([await outcomeOfRecord(stuck.id), await outcomeOfRecord(id)]).toEqual(['pending', 'happened'])
  })

  test('says in the log what could not be settled', async () => {
    const { lane } = await lost()
    await emulator.faults({ operation: 'buckets.locks.get', times: 99, status: 403 })
    await anHourLater(remind)
    const said = consoleLines().filter((line) => line.includes('a change is not settled yet'))
    expect(said).toEqual([expect.stringContaining(lane)])
  })
})
