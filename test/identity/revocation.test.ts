import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { applyPolicy, createKey, everything, newKeyWithGrants, problemOf, run } from '../harness.ts'
import { CHANGE, idOf, revoke, SECOND, Warden } from './warden.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => vi.useRealTimers())

/** Uses a key all the while. */
async function keepBusy(warden: Warden, key: string, seconds: number): Promise<void> {
  for (let tenths = 0; tenths < seconds * 10; tenths++) {
    await warden.statusOf(key)
    vi.advanceTimersByTime(SECOND / 10)
  }
}

test('a revoked key that is not in use stops within 10 seconds', async () => {
  const [warden, key] = [new Warden(), await newKeyWithGrants(everything)]
  await warden.statusOf(key)
  await revoke(key)
  vi.advanceTimersByTime(10 * SECOND)
  expect(await warden.statusOf(key)).toBe(401)
})

test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])(
  'a revoked key that is in use stops within 10 seconds, revoked %d seconds after it was known',
  async (since) => {
    const [warden, key] = [new Warden(), await newKeyWithGrants(everything)]
    await keepBusy(warden, key, since)
    await revoke(key)
    await keepBusy(warden, key, 10)
    expect(await warden.statusOf(key)).toBe(401)
  },
)

test('a revoked key stops for changes as for reads', async () => {
  const [warden, key] = [new Warden(), await newKeyWithGrants(everything)]
  await warden.statusOf(key, CHANGE)
  await revoke(key)
  vi.advanceTimersByTime(10 * SECOND)
  expect(await warden.statusOf(key, CHANGE)).toBe(401)
})

test('a deleted key stops within 10 seconds', async () => {
  const [warden, key] = [new Warden(), await newKeyWithGrants(everything)]
  await warden.statusOf(key)
  await run([`DELETE FROM keys WHERE id = '${idOf(key)}'`])
  await keepBusy(warden, key, 10)
  expect(await warden.statusOf(key)).toBe(401)
})

test('a key whose secret was replaced stops within 10 seconds', async () => {
  const [warden, key] = [new Warden(), await newKeyWithGrants(everything)]
  await warden.statusOf(key)
  await run([`UPDATE keys SET secret_hash = '${'0'.repeat(64)}' WHERE id = '${idOf(key)}'`])
  await keepBusy(warden, key, 10)
  expect(await warden.statusOf(key)).toBe(401)
})

test('a key that is known stops at the moment it expires', async () => {
  await applyPolicy({ teams: { team: { grants: [everything] } } })
  const [warden, key] = [new Warden(), await createKey('team', null, 8)]
  await warden.statusOf(key)
  vi.advanceTimersByTime(8 * SECOND - 1)
  expect(await warden.statusOf(key)).toBe(200)
  vi.advanceTimersByTime(1)
  expect(await warden.statusOf(key)).toBe(401)
})

test('a shorter life given to a known key is seen within 10 seconds', async () => {
  const [warden, key] = [new Warden(), await newKeyWithGrants(everything)]
  await warden.statusOf(key)
  await run([`UPDATE keys SET expires_at = ${Date.now()} WHERE id = '${idOf(key)}'`])
  await keepBusy(warden, key, 10)
  expect(await warden.statusOf(key)).toBe(401)
})

test('one revoked key stops no other of its team', async () => {
  const [warden, key] = [new Warden(), await newKeyWithGrants(everything)]
  const other = await createKey('team')
  await warden.statusOf(other)
  await revoke(key)
  await keepBusy(warden, other, 10)
  expect(await warden.statusOf(other)).toBe(200)
})

test('a new policy is seen within 10 seconds', async () => {
  const [warden, key] = [new Warden(), await newKeyWithGrants(everything)]
  expect(await warden.statusOf(key, CHANGE)).toBe(404)
  await applyPolicy({ teams: { team: { grants: [{ ...everything, role: 'viewer' }] } } })
  await keepBusy(warden, key, 10)
  expect(await warden.statusOf(key, CHANGE)).toBe(403)
})

test('a scope given to a known key is seen within 10 seconds', async () => {
  const [warden, key] = [new Warden(), await newKeyWithGrants(everything)]
  expect(await warden.statusOf(key, CHANGE)).toBe(404)
  await run([`UPDATE keys SET scope = '{"role":"viewer"}' WHERE id = '${idOf(key)}'`])
  await keepBusy(warden, key, 10)
  expect(await warden.statusOf(key, CHANGE)).toBe(403)
})

test("a key that is moved to another team has that team's grants within 10 seconds", async () => {
  await applyPolicy({ teams: { team: { grants: [everything] }, poor: { grants: [] } } })
  const [warden, key] = [new Warden(), await createKey('team')]
  expect(await warden.statusOf(key, CHANGE)).toBe(404)
  await run([`UPDATE keys SET team = 'poor' WHERE id = '${idOf(key)}'`])
  await keepBusy(warden, key, 10)
  expect(await warden.statusOf(key, CHANGE)).toBe(403)
})

test('a key whose team has left the policy may do nothing, and is told so', async () => {
  const [warden, key] = [new Warden(), await newKeyWithGrants(everything)]
  await warden.statusOf(key)
  await applyPolicy({ teams: { other: { grants: [everything] } } })
  await keepBusy(warden, key, 10)
  expect(await problemOf(warden.ask(`Bearer ${key}`, CHANGE))).toMatchObject({
    status: 403,
    code: 'forbidden',
    missing: { permission: 'buckets.delete' },
  })
})

test('a key of a team that the policy never had may do nothing', async () => {
  await applyPolicy({ teams: { team: { grants: [everything] } } })
  const [warden, key] = [new Warden(), await createKey('stranger')]
  expect(await warden.statusOf(key, CHANGE)).toBe(403)
})
