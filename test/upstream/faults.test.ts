import { env } from 'cloudflare:workers'
import { describe, expect, test, vi } from 'vitest'
import { call, emulator, everything, keyWithGrants, problemOf } from '../harness.ts'
import { BUCKET, changes, examples, reads } from '../routes/examples.ts'
import { prepare, send } from '../routes/perform.ts'
import { LONGEST_PAUSE_MS } from '../short-pauses.ts'
import { runningOutOfTime, timeoutError } from './deadline.ts'

/** Upstream away, slow or lying: a named error within the deadline, and no change that is sent twice. */

const DEADLINE_MS = Number(env.UPSTREAM_DEADLINE_MS)

const FAULTS = [
  { what: 'a 500', fault: { status: 500 }, code: 'upstream_error', status: 502 },
  {
    what: 'a 503 with Retry-After',
    fault: { status: 503, retryAfter: 1 },
    code: 'upstream_error',
    status: 502,
  },
  { what: 'a 429', fault: { status: 429 }, code: 'rate_limited', status: 429 },
  {
    what: 'a 429 with Retry-After',
    fault: { status: 429, retryAfter: 120 },
    code: 'rate_limited',
    status: 429,
  },
  { what: 'a 401', fault: { status: 401 }, code: 'upstream_refused', status: 502 },
  { what: 'a 403', fault: { status: 403 }, code: 'upstream_refused', status: 502 },
  { what: 'a page of HTML', fault: { kind: 'not-json' }, code: 'upstream_error', status: 502 },
  {
    what: 'a page of HTML with 200',
    fault: { kind: 'not-json', status: 200 },
    code: 'upstream_error',
    status: 502,
  },
  { what: 'half a body', fault: { kind: 'broken-body' }, code: 'upstream_error', status: 502 },
  { what: 'a broken connection', fault: { kind: 'broken-connection' }, code: 'upstream_error', status: 502 },
] as const

test.each(FAULTS)('$what to a read is answered $status $code', async ({ fault, code, status }) => {
  const key = await keyWithGrants(everything)
  await emulator.faults({ ...fault, times: 10 })
  expect(await problemOf(call(`/v1/buckets/${BUCKET}`, { key }))).toMatchObject({ code, status })
})

test.each(FAULTS)(
  '$what to a creation is answered $status $code, and it was sent once',
  async ({ fault, code, status }) => {
    const key = await keyWithGrants(everything)
    await emulator.faults({ operation: 'buckets.create', ...fault, times: 10 })
    const body = { name: 'media-new' }
    expect(await problemOf(call('/v1/buckets', { key, method: 'POST', body }))).toMatchObject({
      code,
      status,
    })
    expect(await emulator.changes()).toHaveLength(1)
  },
)

test.each(FAULTS)(
  '$what to a creation leaves it to the record whether it happened, or says that it did not',
  async ({ fault, code }) => {
    const key = await keyWithGrants(everything)
    await emulator.faults({ operation: 'buckets.create', ...fault })
    const response = await call('/v1/buckets', { key, method: 'POST', body: { name: 'media-new' } })
    const { audit, detail, requestId } = await response.json<{
      audit?: string
      detail: string
      requestId: string
    }>()
    const isUncertain = code === 'upstream_error'
    expect([audit, detail.includes(`GET /v1/audit/${requestId}`)]).toEqual([
      isUncertain ? requestId : undefined,
      isUncertain,
    ])
  },
)

/** One that is tried again, one that isn't, one that asks to wait, and one that is no answer. */
const EACH_WAY = FAULTS.filter(({ what }) =>
  ['a 500', 'a 403', 'a 429 with Retry-After', 'half a body'].includes(what),
)

test.each(EACH_WAY)(
  '$what to the read before a creation is answered $status $code, and nothing is created',
  async ({ fault, code, status }) => {
    const key = await keyWithGrants(everything)
    await emulator.faults({ operation: 'buckets.get', ...fault, times: 10 })
    const body = { name: 'media-new' }
    expect(await problemOf(call('/v1/buckets', { key, method: 'POST', body }))).toMatchObject({
      code,
      status,
    })
    expect(await emulator.changes()).toEqual([])
  },
)

test.each(EACH_WAY)('$what to the read after a creation is no failure of it', async ({ fault }) => {
  const key = await keyWithGrants(everything)
  await emulator.faults({ operation: 'buckets.get', delayMs: 0 }) // the read before meets nothing else
  await emulator.faults({ operation: 'buckets.get', ...fault, times: 10 })
  const response = await call('/v1/buckets', { key, method: 'POST', body: { name: 'media-new' } })
  expect([response.status, response.headers.has('etag')]).toEqual([201, false])
})

test.each(changes)('$name that was done, but whose answer was lost, is not sent again', async (example) => {
  const key = await keyWithGrants(everything)
  await prepare(example, { key })
  const before = (await emulator.changes()).length
  await emulator.faults({ operation: example.name, kind: 'broken-connection', applied: true })
  expect((await send(example, { key })).status).toBe(502)
  expect(await emulator.changes()).toHaveLength(before + 1)
})

test.each(changes)('$name that meets a 503 is not sent again', async (example) => {
  const key = await keyWithGrants(everything)
  await prepare(example, { key })
  const before = (await emulator.changes()).length
  await emulator.faults({ operation: example.name, status: 503 })
  expect((await send(example, { key })).status).toBe(502)
  expect(await emulator.changes()).toHaveLength(before + 1)
})

test.each(reads)('$name recovers by itself from a 500', async (example) => {
  const key = await keyWithGrants(everything)
  await prepare(example, { key })
  await emulator.faults({ operation: example.name, status: 500 })
  expect((await send(example, { key })).status).toBe(200)
})

test.each([
  { what: 'a 502 that is a page of HTML', fault: { kind: 'not-json' } },
  { what: 'a broken connection', fault: { kind: 'broken-connection' } },
  { what: 'half a body', fault: { kind: 'broken-body', status: 502 } },
  { what: 'a 429', fault: { status: 429 } },
  { what: 'a 429 whose Retry-After is within the deadline', fault: { status: 429, retryAfter: 1 } },
  { what: 'a 503', fault: { status: 503 } },
])('a read recovers by itself from $what', async ({ fault }) => {
  const key = await keyWithGrants(everything)
  await emulator.faults(fault)
  expect((await call(`/v1/buckets/${BUCKET}`, { key })).status).toBe(200)
  expect(await emulator.received()).toHaveLength(2)
})

test('a read that keeps failing is tried three times', async () => {
  const key = await keyWithGrants(everything)
  await emulator.faults({ status: 500, times: 10 })
  await call(`/v1/buckets/${BUCKET}`, { key })
  expect(await emulator.received()).toHaveLength(3)
})

describe('the pauses of a read', () => {
  /** How long it waited between its attempts, in ms, by what it asked for. */
  async function pausesUnder(fault: Record<string, unknown>): Promise<number[]> {
    const key = await keyWithGrants(everything)
    await emulator.faults(fault)
    const timers = vi.spyOn(globalThis, 'setTimeout')
    await call(`/v1/buckets/${BUCKET}`, { key })
    const asked = timers.mock.calls.map(([, ms = 0]) => ms)
    timers.mockRestore()
    // What is drawn by lot is no whole number: other timers, such as that of keys to be renewed, are.
    return asked.filter((ms) => ms < LONGEST_PAUSE_MS && !Number.isInteger(ms))
  }
  const isAbout = (ms: number | undefined, least: number, spread: number) =>
    ms !== undefined && ms >= least && ms <= least + spread

  test('grow from one to the next, and differ', async () => {
    const [first, second, ...more] = await pausesUnder({ status: 500, times: 10 })
    expect([isAbout(first, 150, 150), isAbout(second, 450, 450), more]).toEqual([true, true, []])
  })

  test('are longer by what upstream asks for', async () => {
    const [only, ...more] = await pausesUnder({ status: 429, retryAfter: 1 })
    expect([isAbout(only, 1_150, 150), more]).toEqual([true, []])
  })
})

test('a read is not tried again when upstream asks to wait past the deadline, and the caller is told', async () => {
  const key = await keyWithGrants(everything)
  await emulator.faults({ status: 429, retryAfter: 120, times: 10 })
  const response = await call(`/v1/buckets/${BUCKET}`, { key })
  expect(response.headers.get('retry-after')).toBe('120')
  expect(await emulator.received()).toHaveLength(1)
})

test.each([400, 404, 409])('a read that is refused with %i is not tried again', async (status) => {
  const key = await keyWithGrants(everything)
  await emulator.faults({ status, times: 10 })
  await call(`/v1/buckets/${BUCKET}`, { key })
  expect(await emulator.received()).toHaveLength(1)
})

test.each([401, 403])("upstream's %i is never the caller's, and is not tried again", async (status) => {
  const key = await keyWithGrants(everything)
  await emulator.faults({ status, times: 10 })
  const response = await call(`/v1/buckets/${BUCKET}`, { key })
  expect(response.headers.get('www-authenticate')).toBeNull()
  expect(await problemOf(response)).toMatchObject({ status: 502, code: 'upstream_refused' })
  expect(await emulator.received()).toHaveLength(1)
})

test.each(['buckets.get', 'buckets.list', 'buckets.delete', 'buckets.metrics.list'])(
  '%s ends with a named error when upstream does not answer',
  async (name) => {
    const key = await keyWithGrants(everything)
    await emulator.hold({ operation: name, times: 10 })
    for (const example of examples.filter((example) => example.name === name))
      await expectTimeout(() => send(example, { key }))
  },
)

async function expectTimeout(ask: () => Promise<Response>): Promise<void> {
  expect(await problemOf(runningOutOfTime(ask))).toMatchObject({ status: 504, code: 'upstream_timeout' })
}

test('a read recovers from one attempt that is never answered', async () => {
  const key = await keyWithGrants(everything)
  await emulator.hold({ operation: 'buckets.get' })
  expect((await runningOutOfTime(() => call(`/v1/buckets/${BUCKET}`, { key }))).status).toBe(200)
})

/** What each call of Cloudflare is given when, after so many answers, all of it passes without one, and no other time does. */
async function timeGiven(ask: () => Promise<Response>, answers = 0): Promise<number[]> {
  const given: number[] = []
  vi.useFakeTimers({ toFake: ['Date'] })
  const timeouts = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    given.push(ms)
    if (given.length <= answers) return new AbortController().signal
    vi.advanceTimersByTime(ms)
    return AbortSignal.abort(timeoutError())
  })
  try {
    await expect(problemOf(ask())).resolves.toMatchObject({ code: 'upstream_timeout' })
  } finally {
    timeouts.mockRestore()
    vi.useRealTimers()
  }
  return given
}

test('an attempt of a read leaves time for another, and all of them end by the deadline', async () => {
  const key = await keyWithGrants(everything)
  const given = await timeGiven(() => call(`/v1/buckets/${BUCKET}`, { key }))
  expect(given).toEqual([0.4, 0.4, 0.2].map((share) => share * DEADLINE_MS))
})

test('a change has all that its read left of the deadline', async () => {
  const key = await keyWithGrants(everything)
  const create = () => call('/v1/buckets', { key, method: 'POST', body: { name: 'media-new' } })
  expect(await timeGiven(create, 1)).toEqual([0.4 * DEADLINE_MS, DEADLINE_MS])
})

test('a creation that is never answered is sent once', async () => {
  const key = await keyWithGrants(everything)
  await emulator.hold({ operation: 'buckets.create', times: 10, applied: true })
  await expectTimeout(() => call('/v1/buckets', { key, method: 'POST', body: { name: 'media-new' } }))
  expect(await emulator.changes()).toHaveLength(1)
})

test('a slow answer that still comes in time is an answer', async () => {
  const key = await keyWithGrants(everything)
  await emulator.faults({ operation: 'buckets.get', delayMs: 300 })
  expect((await call(`/v1/buckets/${BUCKET}`, { key })).status).toBe(200)
})
