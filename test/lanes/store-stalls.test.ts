import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Lane } from '../../src/lanes/lane.ts'
import { type ChangeRequest, changeAnswer } from '../../src/lanes/protocol.ts'
import { faultIn } from '../audit/store.ts'
import { emulator, everything, keyWithGrants } from '../harness.ts'
import { idOf } from '../identity/warden.ts'
import { exampleOf, v1 } from './dialects.ts'
import { outcomesIn } from './trail-away.ts'

/** A store that takes the question and never answers. The time that passes is the timers' own. */

const CORS = exampleOf('buckets.cors.update')
const LANE = 'bucket:default/media-assets'

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const never = () => new Promise<never>(() => undefined)

/** What a lane asks the store: for rows, and to write. */
const QUESTIONS = [
  { what: 'reading', of: () => Object.getPrototypeOf(env.DB.prepare('')), name: 'all' },
  { what: 'writing', of: () => Object.getPrototypeOf(env.DB), name: 'batch' },
]

/** Asks a lane from within: elsewhere its timers are not ours. Gives what it answered, however many seconds later. */
function askLane(request: ChangeRequest): Promise<unknown> {
  return runInDurableObject(env.LANES.getByName(LANE), async (lane: Lane) => {
    let answer: string | null = null
    const answered = lane.change(request).then((told) => {
      answer = told.answer
    })
    while (answer === null) {
      await vi.advanceTimersByTimeAsync(1_000)
      await scheduler.wait(1)
    }
    await answered
    return changeAnswer.parse(JSON.parse(answer))
  })
}

const requestFor = (key: string): ChangeRequest => ({
  id: crypto.randomUUID(),
  lane: LANE,
  operation: CORS.name,
  params: { bucket: 'media-assets' },
  jurisdiction: 'default',
  headers: {},
  body: CORS.body,
  dialect: 'v1',
  principal: { keyId: idOf(key), keyName: 'test', team: 'team' },
  clientAddress: null,
  preconditions: null,
  claim: null,
  dryRun: false,
  reverts: null,
})

describe.each(QUESTIONS)('while $what takes for ever', ({ of, name }) => {
  test('a change is refused, not sent, and keeps no other waiting for ever', async () => {
    const key = await keyWithGrants(everything)
    vi.spyOn(of(), name).mockImplementation(never)
    const away = {
      kind: 'failed',
      error: { code: 'unavailable', status: 503, headers: { 'retry-after': '5' } },
    }
    expect(await askLane(requestFor(key))).toMatchObject(away)
    expect(await askLane(requestFor(key))).toMatchObject(away)
    expect(await emulator.changes()).toEqual([])
  })

  test('nothing is left behind for when it answers again', async () => {
    const key = await keyWithGrants(everything)
    vi.spyOn(of(), name).mockImplementation(never)
    await askLane(requestFor(key))
    vi.restoreAllMocks()
    vi.useRealTimers()
    expect((await v1.send(CORS, { key })).status).toBe(204)
    expect(await faultIn(LANE)).toBeNull()
  })
})

/** The store writes what it is given, and never says so: the first time it is asked to, or the second. */
function writeWithoutAnswer(which: 'first' | 'second'): void {
  const store: D1Database = Object.getPrototypeOf(env.DB)
  const { batch } = store
  const mute = async function (this: D1Database, statements: D1PreparedStatement[]) {
    await batch.call(this, statements)
    return never()
  }
  const spy = vi.spyOn(store, 'batch')
  if (which === 'second') spy.mockImplementationOnce(batch)
  spy.mockImplementationOnce(mute)
}

test('an intent that is on record although the store never said so was not sent, and is closed as that', async () => {
  const key = await keyWithGrants(everything)
  writeWithoutAnswer('first')
  expect(await askLane(requestFor(key))).toMatchObject({ kind: 'failed', error: { code: 'unavailable' } })
  expect(await emulator.changes()).toEqual([])
  vi.useRealTimers()
  await v1.send(CORS, { key })
  expect((await outcomesIn(LANE)).slice(-2)).toEqual(['did_not_happen', 'happened'])
  expect(await faultIn(LANE)).toBeNull()
})

test('an ending that is on record although the store never said so is left as it is', async () => {
  const key = await keyWithGrants(everything)
  writeWithoutAnswer('second')
  expect(await askLane(requestFor(key))).toMatchObject({ kind: 'done' })
  vi.useRealTimers()
  await v1.send(CORS, { key })
  expect((await outcomesIn(LANE)).slice(-2)).toEqual(['happened', 'happened'])
  expect(await faultIn(LANE)).toBeNull()
})
