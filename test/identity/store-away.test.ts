import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { generateTeamKey } from '../../src/identity/team-key.ts'
import { applyPolicy, createKey, emulator, everything, newKeyWithGrants, problemOf } from '../harness.ts'
import { CHANGE, MINUTE, revoke, SECOND, Warden } from './warden.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => vi.useRealTimers())

/** A warden that knows the key, and whose store has just gone away. */
async function wardenAlone(key: string): Promise<Warden> {
  const warden = new Warden()
  await warden.statusOf(key)
  warden.store.state = 'fails'
  return warden
}

test.each([
  ['at once', 0, 200],
  ['after 9 seconds', 9 * SECOND, 200],
  ['after 10 seconds', 10 * SECOND, 200],
  ['after 4 minutes and 59 seconds', 5 * MINUTE - SECOND, 200],
  ['after 5 minutes', 5 * MINUTE, 503],
  ['after an hour', 60 * MINUTE, 503],
])('while the store is away, a read with a known key %s', async (_, later, status) => {
  const key = await newKeyWithGrants(everything)
  const warden = await wardenAlone(key)
  vi.advanceTimersByTime(later)
  expect(await warden.statusOf(key)).toBe(status)
})

test.each([
  ['after 9 seconds is let through to its lane, which asks for itself', 9 * SECOND, 404],
  ['after 10 seconds is refused', 10 * SECOND, 503],
  ['after a minute is refused', MINUTE, 503],
])('while the store is away, a change with a known key %s', async (_, later, status) => {
  const key = await newKeyWithGrants(everything)
  const warden = await wardenAlone(key)
  vi.advanceTimersByTime(later)
  expect(await warden.statusOf(key, CHANGE)).toBe(status)
})

test('reads that go on all the while stop after 5 minutes too', async () => {
  const key = await newKeyWithGrants(everything)
  const warden = await wardenAlone(key)
  const statuses: number[] = []
  for (let seconds = 0; seconds < 310; seconds += 2) {
    statuses.push(await warden.statusOf(key))
    vi.advanceTimersByTime(2 * SECOND)
  }
  expect(statuses.indexOf(503)).toBe(150)
  expect(statuses.lastIndexOf(200)).toBe(149)
})

test('a change that is refused for want of the store is not sent upstream', async () => {
  const key = await newKeyWithGrants(everything)
  const warden = await wardenAlone(key)
  vi.advanceTimersByTime(10 * SECOND)
  await emulator.reset()
  await warden.statusOf(key, CHANGE)
  expect(await emulator.received()).toEqual([])
})

test('a read that was served on old knowledge lets no change follow it', async () => {
  const key = await newKeyWithGrants(everything)
  const warden = await wardenAlone(key)
  vi.advanceTimersByTime(20 * SECOND)
  expect(await warden.statusOf(key)).toBe(200)
  expect(await warden.statusOf(key, CHANGE)).toBe(503)
})

test.each([
  ['a key that this isolate has not met', async () => createKey('team')],
  ['a key that was never made', async () => generateTeamKey().text],
])('while the store is away, %s is asked to come back, not called wrong', async (_, present) => {
  const key = await newKeyWithGrants(everything)
  const warden = await wardenAlone(key)
  const response = await warden.ask(`Bearer ${await present()}`)
  expect(response.headers.get('retry-after')).toMatch(/^[1-9][0-9]*$/)
  expect(response.headers.get('www-authenticate')).toBeNull()
  expect(await response.json()).toMatchObject({ status: 503, code: 'unavailable' })
})

test('while the store is away, a malformed key is called wrong all the same', async () => {
  const warden = await wardenAlone(await newKeyWithGrants(everything))
  expect(await warden.statusOf('let-me-in')).toBe(401)
})

test('a known key still expires while the store is away', async () => {
  await applyPolicy({ teams: { team: { grants: [everything] } } })
  const key = await createKey('team', null, 60)
  const warden = await wardenAlone(key)
  vi.advanceTimersByTime(MINUTE)
  expect(await warden.statusOf(key)).toBe(401)
})

test('what the store said last is not told to a caller as a cause', async () => {
  const key = await newKeyWithGrants(everything)
  const warden = await wardenAlone(key)
  vi.advanceTimersByTime(5 * MINUTE)
  const { detail } = await problemOf(warden.ask(`Bearer ${key}`))
  expect(detail).not.toContain('D1_ERROR')
})

test('when the store is back, changes are let through within 2 seconds', async () => {
  const key = await newKeyWithGrants(everything)
  const warden = await wardenAlone(key)
  vi.advanceTimersByTime(20 * SECOND)
  await warden.statusOf(key)
  warden.store.state = 'up'
  vi.advanceTimersByTime(2 * SECOND)
  expect(await warden.statusOf(key, CHANGE)).toBe(404)
})

test('when the store is back, a key that was refused after 5 minutes works again', async () => {
  const key = await newKeyWithGrants(everything)
  const warden = await wardenAlone(key)
  vi.advanceTimersByTime(6 * MINUTE)
  expect(await warden.statusOf(key)).toBe(503)
  warden.store.state = 'up'
  expect(await warden.statusOf(key)).toBe(200)
})

test('when the store is back, a key that was revoked meanwhile stops within 5 seconds', async () => {
  const key = await newKeyWithGrants(everything)
  const warden = await wardenAlone(key)
  vi.advanceTimersByTime(20 * SECOND)
  expect(await warden.statusOf(key)).toBe(200)
  await revoke(key)
  warden.store.state = 'up'
  vi.advanceTimersByTime(5 * SECOND)
  expect(await warden.statusOf(key)).toBe(401)
})
