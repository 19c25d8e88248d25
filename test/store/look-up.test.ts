import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { findKey } from '../../src/store/keys.ts'
import { findActivePolicy, findTeamPolicy } from '../../src/store/policies.ts'
import { applyPolicy, createKey, everything, run } from '../harness.ts'

const teams = { team: { grants: [everything] } }
const idOf = (key: string) => key.split('_')[1] ?? ''

/** A database that notes what it is asked, and what reading it cost. */
function noting() {
  const queries: string[] = []
  const db = new Proxy(env.DB, {
    get: (target, name) => {
      if (name !== 'prepare') return Reflect.get(target, name, target)
      return (query: string) => {
        queries.push(query)
        return target.prepare(query)
      }
    },
  })
  return { db, queries }
}

/** The rows that D1 bills for looking a key up. */
async function rowsReadFor(id: string): Promise<number> {
  const { db, queries } = noting()
  await findKey(db, id)
  const { meta } = await env.DB.prepare(queries.join(';')).bind(id).run()
  return meta.rows_read
}

test('a key is looked up with one statement', async () => {
  const { db, queries } = noting()
  await findKey(db, 'anybody')
  expect(queries).toHaveLength(1)
})

test('the look-up of a key goes by primary keys only', async () => {
  const { db, queries } = noting()
  await findKey(db, 'anybody')
  const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${queries[0]}`)
    .bind('anybody')
    .all<{ detail: string }>()
  const steps = results.map(({ detail }) => detail)
  expect(steps).toHaveLength(4)
  for (const step of steps) expect(step).toMatch(/^SEARCH \w+ USING (INTEGER )?PRIMARY KEY/)
})

test('the look-up reads as many rows among 1,000 keys, teams and versions as among few', async () => {
  await applyPolicy({ teams })
  const key = idOf(await createKey('team'))
  const before = await rowsReadFor(key)
  const numbers = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)'
  await run([
    `INSERT INTO keys (id, secret_hash, team, name, created_at, expires_at)
       ${numbers} SELECT 'key-' || i, 'hash', 'team', 'name', 0, 0 FROM n`,
    `INSERT INTO policies (version, shared, digest, applied_at) ${numbers} SELECT 1000 + i, '{}', 'digest', 0 FROM n`,
    `INSERT INTO team_policies (version, team, document)
       ${numbers} SELECT a.version, 'team-' || i, '{}' FROM n, active_policy a`,
  ])
  expect(await rowsReadFor(key)).toBe(before)
})

test('a key comes with its team, and with the policy that binds it', async () => {
  await applyPolicy({ teams })
  const key = idOf(await createKey('team', { role: 'viewer' }))
  const row = await findKey(env.DB, key)
  expect(row).toMatchObject({ team: 'team', name: 'test', revokedAt: null, policyProblem: null })
  expect(JSON.parse(row?.scope ?? '')).toEqual({ role: 'viewer' })
  expect(JSON.parse(row?.teamPolicy ?? '')).toMatchObject(teams.team)
})

test('a key that was never made is not found', async () => {
  expect(await findKey(env.DB, 'nobody')).toBeNull()
})

test('an id is a value, never SQL', async () => {
  await createKey('team')
  expect(await findKey(env.DB, "' OR '1' = '1")).toBeNull()
})

test('a key of a team without a part in the policy comes without one', async () => {
  await applyPolicy({ teams })
  const row = await findKey(env.DB, idOf(await createKey('stranger')))
  expect(row).toMatchObject({ team: 'stranger', teamPolicy: null })
})

test('the policy in force is the one applied last', async () => {
  await applyPolicy({ teams })
  const first = await findActivePolicy(env.DB)
  await applyPolicy({ teams: {} })
  const second = await findActivePolicy(env.DB)
  expect(second?.version).toBeGreaterThan(first?.version ?? 0)
})

test('a database in which no policy was ever applied has none in force', async () => {
  await run(['DELETE FROM active_policy'])
  expect(await findActivePolicy(env.DB)).toBeNull()
})

test('an earlier version that is put in force again binds teams and keys as it did', async () => {
  await applyPolicy({ teams })
  const earlier = await findActivePolicy(env.DB)
  const key = idOf(await createKey('team'))
  await applyPolicy({ teams: { team: { grants: [] } } })
  await run([`UPDATE active_policy SET version = ${earlier?.version}`])
  const [row, part] = [await findKey(env.DB, key), await findTeamPolicy(env.DB, 'team')]
  expect(row?.policyVersion).toBe(earlier?.version)
  expect(JSON.parse(row?.teamPolicy ?? '')).toMatchObject(teams.team)
  expect(JSON.parse(part?.teamPolicy ?? '')).toMatchObject(teams.team)
})

test('a team that the policy in force does not have is not found, though one before had it', async () => {
  await applyPolicy({ teams })
  await applyPolicy({ teams: {} })
  expect(await findTeamPolicy(env.DB, 'team')).toBeNull()
})

test('the policy of a team comes without the scope of any key', async () => {
  await applyPolicy({ teams })
  await createKey('team', { role: 'viewer' })
  expect(await findTeamPolicy(env.DB, 'team')).toMatchObject({ team: 'team', scope: null })
})
