import { describe, expect, test, vi } from 'vitest'
import { Queue } from '../../src/lanes/queue.ts'
import { sendV4 } from '../dialects/v4-examples.ts'
import { call, emulator, everything, keyWithGrants } from '../harness.ts'
import { exampleOf } from './dialects.ts'

/** More changes than a lane takes: whoever is too many is told so, and nobody is forgotten. */

const WAITING = 256
const CORS = '/v1/buckets/media-assets/cors'

const policyOf = (index: number) => ({
  rules: [{ id: `rule-${index}`, allowed: { origins: ['*'], methods: ['GET'] } }],
})

interface Told {
  readonly id: string
  readonly status: number
  readonly retryAfter: string | null
  readonly shouldRetry: string | null
  readonly body: string
}

async function toldBy(id: string, answer: Promise<Response>): Promise<Told> {
  const response = await answer
  const { status, headers } = response
  const [retryAfter, shouldRetry] = [headers.get('retry-after'), headers.get('x-should-retry')]
  return { id, status, retryAfter, shouldRetry, body: await response.text() }
}

const isDone = ({ status }: Told) => status < 300

/**
 * One lane under more than it takes: a change that takes its time, others behind it, and dry runs until one is
 * refused. Then more changes in both dialects, one of another bucket, and a read of this one.
 */
async function rush() {
  const key = await keyWithGrants(everything)
  await emulator.hold({ operation: 'buckets.lifecycle.update' })
  const put = (path: string, body: unknown) => call(path, { key, method: 'PUT', body })
  const putRule = (index: number) => toldBy(`rule-${index}`, put(CORS, policyOf(index)))
  const slow = toldBy('slow', put('/v1/buckets/media-assets/lifecycle', { rules: [] }))
  const first = Array.from({ length: 10 }, (_, index) => putRule(index))
  const dry = Array.from({ length: WAITING }, () => toldBy('dry', put(`${CORS}?dryRun=true`, policyOf(0))))
  await Promise.any(dry.map(async (told) => isDone(await told) && Promise.reject(new Error('it was taken'))))

  const v1 = [...first, ...Array.from({ length: 20 }, (_, index) => putRule(100 + index))]
  const v4 = Array.from({ length: 20 }, () =>
    toldBy('v4', sendV4(exampleOf('buckets.sippy.delete'), { key })),
  )
  const elsewhere = await put('/v1/buckets/data-lake/cors', { rules: [] })
  const read = await call('/v1/buckets/media-assets', { key })
  await emulator.noMoreFaults()
  const asked = { v1: await Promise.all(v1), v4: await Promise.all(v4), dry: await Promise.all(dry) }
  const sent = await emulator.changes()
  const afterwards = await put(CORS, { rules: [] })
  return { ...asked, slow: await slow, sent, others: [elsewhere.status, read.status, afterwards.status] }
}

/** It takes its time, so it is done once for all that is claimed of it. */
let rushed: ReturnType<typeof rush> | null = null
function onceRushed() {
  rushed ??= rush()
  return rushed
}

describe('a lane under more than it takes', () => {
  test('does as many as it takes', async () => {
    const { slow, dry, v1, v4 } = await onceRushed()
    expect([slow, ...dry, ...v1, ...v4].filter(isDone).length).toBeGreaterThan(WAITING)
  })

  test('does what it took, once, and nothing that it refused', async () => {
    const { v1, sent } = await onceRushed()
    const rules = sent.flatMap(({ body }) => /rule-\d+/.exec(body) ?? [])
    expect(rules.sort()).toEqual(
      v1
        .filter(isDone)
        .map(({ id }) => id)
        .sort(),
    )
  })

  test('refuses what is too much, and says when to try again', async () => {
    const { v1 } = await onceRushed()
    const refused = v1.filter((told) => !isDone(told))
    expect(refused.length).toBeGreaterThan(0)
    for (const { status, retryAfter, body } of refused) {
      expect([status, JSON.parse(body).code]).toEqual([503, 'unavailable'])
      expect(retryAfter).toMatch(/^[1-9][0-9]*$/)
    }
  })

  test('says so in v4 as what may be tried again', async () => {
    const { v4 } = await onceRushed()
    const refused = v4.filter((told) => !isDone(told))
    expect(refused.length).toBeGreaterThan(0)
    for (const { status, shouldRetry, body } of refused) {
      expect([status, shouldRetry]).toEqual([503, null])
      expect(JSON.parse(body)).toMatchObject({ success: false, errors: [{ code: 10043 }] })
    }
  })

  test('keeps no other lane waiting, no reader, and is open again afterwards', async () => {
    const { others } = await onceRushed()
    expect(others).toEqual([204, 200, 204])
  })
})

describe('the queue', () => {
  /** A queue whose first work has begun, and goes on until it is let go. */
  async function held() {
    const queue = new Queue()
    const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const first = queue.run(() => {
      begun.resolve()
      return gate.promise
    })
    await begun.promise
    return { queue, first, letGo: gate.resolve }
  }

  test(`lets ${WAITING} wait behind one, runs them in the order in which they came, and refuses one more`, async () => {
    const { queue, first, letGo } = await held()
    const ran: number[] = []
    const all = Array.from({ length: WAITING }, (_, index) =>
      queue.run(async () => {
        ran.push(index)
      }),
    )
    await expect(queue.run(async () => undefined)).rejects.toMatchObject({ code: 'unavailable', status: 503 })
    letGo()
    await Promise.all([first, ...all])
    expect(ran).toEqual(Array.from({ length: WAITING }, (_, index) => index))
  })

  test('refuses what has waited for too long, rather than do it late', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { queue, letGo } = await held()
    const waiting = queue.run(async () => 'done')
    vi.advanceTimersByTime(31_000)
    const refused = expect(waiting).rejects.toMatchObject({ code: 'unavailable', status: 503 })
    letGo()
    await refused
    expect(await queue.run(async () => 'done')).toBe('done')
    vi.useRealTimers()
  })

  test('goes on after work that failed', async () => {
    const { queue, letGo } = await held()
    const failing = queue.run(() => Promise.reject(new Error('no')))
    const next = queue.run(async () => 'done')
    letGo()
    await expect(failing).rejects.toThrow('no')
    expect(await next).toBe('done')
  })

  test('runs one thing at a time', async () => {
    const queue = new Queue()
    let [now, most] = [0, 0]
    const work = async () => {
      most = Math.max(most, ++now)
      await scheduler.wait(1)
      now--
    }
    await Promise.all(Array.from({ length: 20 }, () => queue.run(work)))
    expect(most).toBe(1)
  })
})
