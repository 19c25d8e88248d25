import { beforeEach, expect, test } from 'vitest'
import { brokenPolicyStatements } from '../../src/store/policies.ts'
import {
  applyPolicy,
  call,
  createKey,
  emulator,
  everything,
  newKeyWithGrants,
  problemOf,
  run,
} from '../harness.ts'
import { idOf } from './warden.ts'

const path = '/v1/buckets/media-assets'

beforeEach(() => applyPolicy({ teams: { team: { grants: [everything] } } }))

const breakages: [string, (key: string) => Promise<unknown>][] = [
  ['was never applied', () => run(['DELETE FROM active_policy'])],
  ['did not parse', () => run(brokenPolicyStatements('line 3: is not YAML'))],
  ['is no JSON any more', () => run(["UPDATE policies SET shared = '{'"])],
  ["has lost the team's part", () => run(['DELETE FROM team_policies'])],
  ['has a broken part of the team', () => run(["UPDATE team_policies SET document = '[]'"])],
  [
    'is narrowed by a scope that cannot be read',
    (key) => run([`UPDATE keys SET scope = '{' WHERE id = '${idOf(key)}'`]),
  ],
]

test.each(breakages)('a policy that %s denies everything, and nothing is sent', async (_, breakIt) => {
  const key = await createKey('team')
  await breakIt(key)
  expect(await problemOf(call(path, { key }))).toMatchObject({ status: 403, code: 'forbidden' })
  expect(await emulator.received()).toEqual([])
})

test.each(breakages)('under a policy that %s a caller still learns who they are', async (_, breakIt) => {
  const key = await createKey('team')
  await breakIt(key)
  const response = await call('/v1/whoami', { key })
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ team: 'team', key: { id: idOf(key) }, deny: [] })
})

test('the next good policy mends a broken one', async () => {
  await run(brokenPolicyStatements('line 3: is not YAML'))
  await emulator.seed({ buckets: [{ name: 'media-assets' }] })
  expect((await call(path, { key: await newKeyWithGrants(everything) })).status).toBe(200)
})
