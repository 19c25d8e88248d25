import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createKey, everything, newKeyWithGrants } from '../harness.ts'
import { type Asked, CHANGE, SECOND, Warden } from './warden.ts'

/** A store that takes the question and never answers. The time that passes is the timers' own. */
beforeEach(() => vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] }))
afterEach(() => vi.useRealTimers())

async function wardenStalled(key: string): Promise<Warden> {
  const warden = new Warden()
  await warden.statusOf(key)
  warden.store.state = 'hangs'
  return warden
}

/** The status that a request has got when 3 seconds have passed. */
async function statusWithin3Seconds(warden: Warden, key: string, asked: Asked = {}): Promise<number | null> {
  let status: number | null = null
  const { response } = warden.send(`Bearer ${key}`, asked)
  const noted = response.then((answered) => {
    status = answered.status
  })
  await vi.advanceTimersByTimeAsync(3 * SECOND)
  await Promise.race([noted, Promise.resolve()])
  return status
}

test('a key that is not known yet is asked to come back', async () => {
  const warden = await wardenStalled(await newKeyWithGrants(everything))
  expect(await statusWithin3Seconds(warden, await createKey('team'))).toBe(503)
})

test('a read with a key that was known is served', async () => {
  const key = await newKeyWithGrants(everything)
  const warden = await wardenStalled(key)
  vi.advanceTimersByTime(20 * SECOND)
  expect(await statusWithin3Seconds(warden, key)).toBe(200)
})

test('a change with a key that was known is refused', async () => {
  const key = await newKeyWithGrants(everything)
  const warden = await wardenStalled(key)
  vi.advanceTimersByTime(20 * SECOND)
  expect(await statusWithin3Seconds(warden, key, CHANGE)).toBe(503)
})

test('once the store was found stalled, the next read does not wait for it again', async () => {
  const key = await newKeyWithGrants(everything)
  const warden = await wardenStalled(key)
  vi.advanceTimersByTime(20 * SECOND)
  await statusWithin3Seconds(warden, key)
  const before = warden.store.asked.length
  expect(await statusWithin3Seconds(warden, key)).toBe(200)
  expect(warden.store.asked.length).toBe(before)
})
