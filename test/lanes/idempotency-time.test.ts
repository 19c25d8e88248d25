import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { applyPolicy, emulator, everything, newKeyWithGrants, problemOf } from '../harness.ts'
import { exampleOf, v1 } from './dialects.ts'
import { keyed, keysInUse } from './repeating.ts'

/** How long an idempotency key stands for what was done under it. */

const CORS = exampleOf('buckets.cors.update')
const SECOND = 1_000
const DAY = 86_400 * SECOND

const mark = ({ headers }: Response) => headers.get('idempotency-replayed')

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => vi.useRealTimers())

test('within 24 hours the first answer is given again', async () => {
  const key = await newKeyWithGrants(everything)
  await v1.send(CORS, keyed(key))
  vi.advanceTimersByTime(DAY - SECOND)
  expect(mark(await v1.send(CORS, keyed(key)))).toBe('true')
  expect(await emulator.changes()).toHaveLength(1)
})

test('giving it again does not make it last longer', async () => {
  const key = await newKeyWithGrants(everything)
  await v1.send(CORS, keyed(key))
  vi.advanceTimersByTime(DAY - SECOND)
  await v1.send(CORS, keyed(key))
  vi.advanceTimersByTime(2 * SECOND)
  expect(mark(await v1.send(CORS, keyed(key)))).toBeNull()
})

describe('after 24 hours', () => {
  async function later(): Promise<string> {
    const key = await newKeyWithGrants(everything)
    await v1.send(CORS, keyed(key))
    vi.advanceTimersByTime(DAY + SECOND)
    return key
  }

  test('the same request is sent again', async () => {
    const key = await later()
    expect(mark(await v1.send(CORS, keyed(key)))).toBeNull()
    expect(await emulator.changes()).toHaveLength(2)
  })

  test('another request may have the key', async () => {
    const key = await later()
    expect((await v1.send({ ...CORS, body: { rules: [] } }, keyed(key))).status).toBe(204)
  })

  test('the key stands for the new request, for a day', async () => {
    const key = await later()
    await v1.send({ ...CORS, body: { rules: [] } }, keyed(key))
    vi.advanceTimersByTime(DAY - SECOND)
    expect((await v1.send(CORS, keyed(key))).status).toBe(422)
    expect(await keysInUse(key)).toBe(1)
  })
})

test('whoever may not do it any more does not get the answer of when they might', async () => {
  const key = await newKeyWithGrants(everything)
  await v1.send(CORS, keyed(key))
  await applyPolicy({ teams: { team: { grants: [] } } })
  vi.advanceTimersByTime(10 * SECOND)
  expect(await problemOf(v1.send(CORS, keyed(key)))).toMatchObject({ status: 403, code: 'forbidden' })
})
