import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { findActivePolicy } from '../../src/store/policies.ts'
import { applyPolicy, createKey, everything, keyWithGrants, run } from '../harness.ts'
import { exampleOf, v1 } from '../lanes/dialects.ts'
import { putLock } from './undoing.ts'
import { writtenBy } from './written.ts'

/** A record names the version of the policy that decided, whichever was in force before or is by now. */

const CORS = exampleOf('buckets.cors.update')

/** The door remembers a key, with its policy, for some seconds: here time stands still. */
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => vi.useRealTimers())

const versionNow = async () => (await findActivePolicy(env.DB))?.version

test('a change names the version in force', async () => {
  const key = await keyWithGrants(everything)
  const { records } = await writtenBy(() => v1.send(CORS, { key }))
  expect(records).toMatchObject([{ outcome: 'happened', policyVersion: await versionNow() }])
})

test('a change names the version by which its lane decided, though the door still went by another', async () => {
  const key = await keyWithGrants(everything)
  await v1.send(CORS, { key })
  await applyPolicy({ teams: { team: { grants: [everything] } } })
  const { records } = await writtenBy(() => v1.send(CORS, { key }))
  expect(records).toMatchObject([{ outcome: 'happened', policyVersion: await versionNow() }])
})

test('a denial at the door names the version by which the door decided, though another is in force', async () => {
  const key = await keyWithGrants()
  const before = await versionNow()
  await v1.send(CORS, { key })
  await applyPolicy({ teams: { team: { grants: [everything] } } })
  const { records } = await writtenBy(() => v1.send(CORS, { key }))
  expect(records).toMatchObject([{ outcome: 'denied', lane: 'denials:team', policyVersion: before }])
})

test('a denial in the lane names the version by which the lane decided', async () => {
  const guardrails = [{ name: 'kept', locks: { neverWeaken: true } }]
  await applyPolicy({ teams: { team: { grants: [everything], guardrails } } })
  const key = await createKey('team')
  await putLock(key, 7200)
  const { records } = await writtenBy(() => putLock(key, 3600))
  expect(records).toMatchObject([{ outcome: 'denied', rule: 'kept', policyVersion: await versionNow() }])
})

test('a denial while no policy is in force names none', async () => {
  await keyWithGrants(everything)
  const key = await createKey('team')
  await run(['DELETE FROM active_policy'])
  const { records } = await writtenBy(() => v1.send(CORS, { key }))
  expect(records).toMatchObject([{ outcome: 'denied', rule: 'broken-policy', policyVersion: null }])
})
