import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { authenticate } from '../../src/identity/authenticate.ts'
import { everything, newKeyWithGrants } from '../harness.ts'
import { CHANGE, SECOND, Warden } from './warden.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => vi.useRealTimers())

test('a known key makes no call to the store, before a lane does', async () => {
  const [warden, key] = [new Warden(), await newKeyWithGrants(everything)]
  await warden.statusOf(key)
  const before = warden.store.asked.length
  for (let times = 0; times < 20; times++) expect(await warden.statusOf(key)).toBe(200)
  expect(await warden.statusOf(key, CHANGE)).toBe(404)
  expect(warden.store.asked.length).toBe(before)
})

test('a known key is not hashed again', async () => {
  const [warden, key] = [new Warden(), await newKeyWithGrants(everything)]
  await warden.statusOf(key)
  const digest = vi.spyOn(crypto.subtle, 'digest')
  expect(await warden.statusOf(key)).toBe(200)
  expect(digest).not.toHaveBeenCalled()
  digest.mockRestore()
})

test('an unknown key is hashed: what proves that hashing is seen', async () => {
  const [warden, key] = [new Warden(), await newKeyWithGrants(everything)]
  const digest = vi.spyOn(crypto.subtle, 'digest')
  await warden.statusOf(key)
  expect(digest).toHaveBeenCalledOnce()
  digest.mockRestore()
})

test('a known key is told at once, without a promise', async () => {
  const key = await newKeyWithGrants(everything)
  const caller = {
    authorization: `Bearer ${key}`,
    db: env.DB,
    now: Date.now(),
    changes: false,
    waitUntil: () => undefined,
  }
  const first = await authenticate(caller)
  expect(authenticate(caller)).toBe(first)
})

test('a first look-up is one question to the store, of one row', async () => {
  const [warden, key] = [new Warden(), await newKeyWithGrants(everything)]
  await warden.statusOf(key)
  expect(warden.store.asked).toHaveLength(1)
})

test('a key in use is renewed in the background, by one question at a time', async () => {
  const [warden, key] = [new Warden(), await newKeyWithGrants(everything)]
  await warden.statusOf(key)
  vi.advanceTimersByTime(7 * SECOND)
  const before = warden.store.asked.length
  const sent = Array.from({ length: 10 }, () => warden.send(`Bearer ${key}`, {}))
  for (const { response } of sent) expect((await response).status).toBe(200)
  for (const { background } of sent) await background()
  expect(warden.store.asked.length).toBe(before + 1)
})

test('a busy key does not wait for a store that stalls', async () => {
  const [warden, key] = [new Warden(), await newKeyWithGrants(everything)]
  await warden.statusOf(key)
  warden.store.state = 'hangs'
  for (let seconds = 1; seconds < 10; seconds++) {
    vi.advanceTimersByTime(SECOND)
    const { response } = warden.send(`Bearer ${key}`, {})
    expect((await response).status).toBe(200)
  }
})

test('a key in use costs the store a question every few seconds, however often it is used', async () => {
  const [warden, key] = [new Warden(), await newKeyWithGrants(everything)]
  for (let tenths = 0; tenths < 300; tenths++) {
    await warden.statusOf(key)
    vi.advanceTimersByTime(SECOND / 10)
  }
  expect(warden.store.asked.length).toBeLessThanOrEqual(30 / 5 + 1)
})
