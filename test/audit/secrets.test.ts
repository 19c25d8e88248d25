import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { emulator, everything, keyWithGrants, run, until } from '../harness.ts'
import { type Asking, DIALECTS } from '../lanes/dialects.ts'
import { ringLater } from '../lanes/reconciling.ts'
import { BUCKET } from '../routes/examples.ts'
import { guardedKey } from '../routes/guardrails-cases.ts'
import { sippyWith, sources } from './sippy-sources.ts'
import { keptInLane, tracesOf } from './traces.ts'
import { type Written, writtenBy } from './written.ts'

/**
 * Sippy's credentials pass through and leave no trace, however the change that they came with ends: not in the store,
 * not in a lane, and (as of every test) not in an answer or in the log.
 */

const UPDATE = 'buckets.sippy.update'
const LANE = `bucket:default/${BUCKET}`

type Send = (asking: Asking) => Promise<Response>
type Ended = Promise<Written<unknown>>

/** Every way in which it can end. Each is on record. */
const endings: Readonly<Record<string, (send: Send) => Ended>> = {
  async happened(send) {
    const key = await keyWithGrants(everything)
    return writtenBy(() => send({ key }))
  },
  async 'refused by Cloudflare'(send) {
    const key = await keyWithGrants(everything)
    await emulator.faults({ operation: UPDATE, status: 400 })
    return writtenBy(() => send({ key }))
  },
  async 'denied for want of a grant'(send) {
    const key = await keyWithGrants()
    return writtenBy(() => send({ key }))
  },
  async 'denied by a guardrail'(send) {
    const key = await guardedKey({ name: 'ours', sippy: { providers: [], sourceBuckets: ['none'] } })
    return writtenBy(() => send({ key }))
  },
  async 'warned of by a guardrail'(send) {
    const key = await guardedKey({ name: 'ours', mode: 'warn', sippy: { sourceBuckets: ['none'] } })
    return writtenBy(() => send({ key }))
  },
  async 'answered twice under an idempotency key'(send) {
    const asking = {
      key: await keyWithGrants(everything),
      headers: { 'idempotency-key': crypto.randomUUID() },
    }
    return writtenBy(async () => {
      for (const _ of [1, 2]) await send(asking)
    })
  },
  'uncertain, and found to have happened': (send) => uncertain(send, { status: 500, applied: true }),
  'uncertain, and found not to have happened': (send) => uncertain(send, { status: 500 }),
}

async function uncertain(send: Send, fault: unknown): Ended {
  const asking = { key: await keyWithGrants(everything), headers: { 'idempotency-key': crypto.randomUUID() } }
  await emulator.faults({ operation: UPDATE, ...(fault as object) })
  return writtenBy(async () => {
    await send(asking)
    await ringLater(LANE)
    await send(asking)
  })
}

describe.each(sources)('a source $name', ({ body, secrets }) => {
  describe.each(DIALECTS)('on $dialect', (spoken) => {
    test.each(Object.entries(endings))(
      'leaves no trace of its credentials when it was %s',
      async (_, end) => {
        const { records } = await end((asking) => spoken.send(sippyWith(body), asking))
        expect(records).toMatchObject([{ operation: UPDATE }])
        expect(await tracesOf(secrets)).toEqual([])
      },
    )
  })
})

const [AWS] = sources
if (!AWS) throw new Error('there are no sources')

test('a change that is on its way has left no trace of its credentials', async () => {
  const key = await keyWithGrants(everything)
  await emulator.hold({ operation: UPDATE })
  const answered = DIALECTS[0].send(sippyWith(AWS.body), { key })
  await until(async () => (await emulator.changes()).length === 1)
  expect(await tracesOf(AWS.secrets)).toEqual([])
  await emulator.noMoreFaults()
  await answered
})

describe('while the store takes no outcome', () => {
  beforeEach(() =>
    run([`CREATE TRIGGER stuck BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'away'); END`]),
  )
  afterEach(() => run(['DROP TRIGGER stuck']))

  test('what the lane remembers of a change has no trace of its credentials', async () => {
    const asking = {
      key: await keyWithGrants(everything),
      headers: { 'idempotency-key': crypto.randomUUID() },
    }
    const { records } = await writtenBy(() => DIALECTS[0].send(sippyWith(AWS.body), asking))
    expect(records).toMatchObject([{ outcome: 'pending' }])
    expect(await keptInLane(LANE)).toContain('"ending":{')
    expect(await tracesOf(AWS.secrets)).toEqual([])
  })
})

test('what is looked through is all that is kept, in the store and in the lanes', async () => {
  const key = await keyWithGrants(everything)
  const { records } = await writtenBy(() => DIALECTS[0].send(sippyWith(AWS.body), { key }))
  const [record] = records
  expect(record?.hash).toMatch(/^[0-9a-f]{64}$/)
  expect(await tracesOf(['old-assets', '[redacted]', record?.hash ?? ''])).toHaveLength(3)
  expect(await keptInLane(LANE)).toContain(record?.hash)
})
