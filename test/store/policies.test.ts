import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test } from 'vitest'
import { policyDocument } from '../../src/policy/document.ts'
import { permissionNames } from '../../src/routes/index.ts'
import {
  brokenPolicyStatements,
  digestOf,
  findActivePolicy,
  policyStatements,
} from '../../src/store/policies.ts'
import type { Statement } from '../../src/store/statement.ts'
import { textOf } from '../../src/store/statement-text.ts'
import { run } from '../harness.ts'

beforeEach(() => run(['active_policy', 'team_policies', 'policies'].map((table) => `DELETE FROM ${table}`)))

const parse = (document: object) => policyDocument(permissionNames).parse({ version: 1, ...document })
const media = { grants: [{ role: 'viewer', buckets: ['media-*'] }] }
const data = { grants: [{ role: 'viewer', buckets: ['data-*'] }] }

async function teamsInForce(): Promise<string[]> {
  const query =
    'SELECT t.team FROM team_policies t JOIN active_policy a ON a.version = t.version ORDER BY t.team'
  const { results } = await env.DB.prepare(query).all<{ team: string }>()
  return results.map(({ team }) => team)
}

test('the first document is version 1, the next version 2', async () => {
  await run(await policyStatements(parse({ teams: { media } })))
  expect((await findActivePolicy(env.DB))?.version).toBe(1)
  await run(await policyStatements(parse({ teams: { media } })))
  expect((await findActivePolicy(env.DB))?.version).toBe(2)
})

test('the teams of a document are in force together, and those of the one before are not', async () => {
  await run(await policyStatements(parse({ teams: { old: media } })))
  await run(await policyStatements(parse({ teams: { media, data } })))
  expect(await teamsInForce()).toEqual(['data', 'media'])
})

/** As the Worker stores it, and as the command line does. */
const writers: [string, (statements: readonly Statement[]) => Promise<unknown>][] = [
  ['with values bound', run],
  ['as text', (statements) => run(statements.map(textOf))],
]

describe.each(writers)('stored %s', (_, write) => {
  test('a document is that document', async () => {
    const document = parse({ teams: { media, data }, roles: { mine: { permissions: ['buckets.get'] } } })
    await write(await policyStatements(document))
    const active = await findActivePolicy(env.DB)
    const { results } = await env.DB.prepare('SELECT team, document FROM team_policies').all<{
      team: string
      document: string
    }>()
    const teams = Object.fromEntries(results.map((row) => [row.team, JSON.parse(row.document)]))
    expect(parse({ ...JSON.parse(active?.shared ?? ''), teams })).toEqual(document)
  })

  test('a document that cannot be read is a version of its own, which says why', async () => {
    const problem = `line 3: it's not "YAML"; -- \\ ?1 \n BEGIN TRANSACTION;`
    await write(await policyStatements(parse({ teams: { media } })))
    await write(brokenPolicyStatements(problem))
    expect(await findActivePolicy(env.DB)).toMatchObject({ version: 2, problem })
    expect(await teamsInForce()).toEqual([])
  })
})

test('a batch that fails changes nothing', async () => {
  await run(await policyStatements(parse({ teams: { media } })))
  const statements = await policyStatements(parse({ teams: { data } }))
  const failing = 'INSERT INTO active_policy (id, version) VALUES (2, 1)'
  await expect(run([...statements, failing])).rejects.toThrow()
  expect((await findActivePolicy(env.DB))?.version).toBe(1)
  expect(await teamsInForce()).toEqual(['media'])
})

test('the same document has the same digest, another has another', async () => {
  const digest = await digestOf(parse({ teams: { media } }))
  expect(await digestOf(parse({ teams: { media } }))).toBe(digest)
  expect(await digestOf(parse({ teams: { media: data } }))).not.toBe(digest)
})

test('a default that is written out changes no digest', async () => {
  const [grant] = media.grants
  const written = { grants: [{ ...grant, jurisdictions: ['default'] }], deny: [] }
  expect(await digestOf(parse({ teams: { media: written } }))).toBe(
    await digestOf(parse({ teams: { media } })),
  )
})

test.each(["x'); DROP TABLE keys; --", "o'brien", 'a"b', 'a;b'])(
  'the schema refuses %j as the name of a team, so that it never becomes a statement',
  (team) => {
    const { success } = policyDocument(permissionNames).safeParse({ version: 1, teams: { [team]: media } })
    expect(success).toBe(false)
  },
)
