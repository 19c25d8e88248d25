import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { brokenPolicyStatements, digestOf, makeKey, policyStatements, sqlText } from '../../cli/statements.ts'
import { hashSecret, parseTeamKey } from '../../src/identity/team-key.ts'
import { policyDocument } from '../../src/policy/document.ts'
import { permissionNames } from '../../src/routes/index.ts'
import { findKey } from '../../src/store/keys.ts'
import { findActivePolicy } from '../../src/store/policies.ts'
import { run } from '../harness.ts'

beforeEach(() =>
  run(['active_policy', 'team_policies', 'policies', 'keys'].map((table) => `DELETE FROM ${table}`)),
)

const parse = (document: object) => policyDocument(permissionNames).parse({ version: 1, ...document })
const media = { grants: [{ role: 'viewer', buckets: ['media-*'] }] }
const data = { grants: [{ role: 'viewer', buckets: ['data-*'] }] }
const day = 86_400

async function teamsInForce(): Promise<string[]> {
  const query =
    'SELECT t.team FROM team_policies t JOIN active_policy a ON a.version = t.version ORDER BY t.team'
  const { results } = await env.DB.prepare(query).all<{ team: string }>()
  return results.map(({ team }) => team)
}

test('any text is read back as it was written', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')),
      async (text) => {
        const row = await env.DB.prepare(`SELECT ${sqlText(text)} AS text`).first()
        expect(row).toEqual({ text })
      },
    ),
  )
})

test.each([
  "o'brien",
  "''",
  "'); DROP TABLE keys; --",
  '"',
  '\\',
  'line\nbreak',
  '; SELECT 1',
  '?1',
  ':name',
])('the text %j is read back as it was written', async (text) => {
  expect(await env.DB.prepare(`SELECT ${sqlText(text)} AS text`).first()).toEqual({ text })
})

test('nothing is written as NULL, which is no text', async () => {
  expect(await env.DB.prepare(`SELECT ${sqlText(null)} AS text`).first()).toEqual({ text: null })
})

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

test('what is stored of a document is that document', async () => {
  const document = parse({ teams: { media, data }, roles: { mine: { permissions: ['buckets.get'] } } })
  await run(await policyStatements(document))
  const active = await findActivePolicy(env.DB)
  const { results } = await env.DB.prepare('SELECT team, document FROM team_policies').all<{
    team: string
    document: string
  }>()
  const teams = Object.fromEntries(results.map(({ team, document }) => [team, JSON.parse(document)]))
  expect(parse({ ...JSON.parse(active?.shared ?? ''), teams })).toEqual(document)
})

test('a batch that fails changes nothing', async () => {
  await run(await policyStatements(parse({ teams: { media } })))
  const statements = await policyStatements(parse({ teams: { data } }))
  const failing = 'INSERT INTO active_policy (id, version) VALUES (2, 1)'
  await expect(run([...statements, failing])).rejects.toThrow()
  expect((await findActivePolicy(env.DB))?.version).toBe(1)
  expect(await teamsInForce()).toEqual(['media'])
})

test('a document that cannot be read is a version of its own, which says why', async () => {
  await run(await policyStatements(parse({ teams: { media } })))
  await run(brokenPolicyStatements("line 3: it's not YAML"))
  expect(await findActivePolicy(env.DB)).toMatchObject({ version: 2, problem: "line 3: it's not YAML" })
  expect(await teamsInForce()).toEqual([])
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

test('a key is stored with its name as it was given', async () => {
  const name = "o'brien'); DROP TABLE keys; --"
  const { id, statement } = await makeKey({ team: 'media', name, expires: day, scope: null })
  await run([statement])
  expect(await findKey(env.DB, id)).toMatchObject({ name, scope: null, revokedAt: null })
})

test('of a key only the hash of its secret is stored', async () => {
  const { id, text, statement } = await makeKey({ team: 'media', name: 'ci', expires: day, scope: null })
  const { secret } = parseTeamKey(text) ?? { secret: '' }
  expect(secret).toHaveLength(32)
  expect(statement).not.toContain(secret)
  await run([statement])
  expect((await findKey(env.DB, id))?.secretHash).toBe(await hashSecret(secret))
})

test('a key expires when it was said to', async () => {
  const { id, statement, expiresAt } = await makeKey({ team: 'media', name: 'ci', expires: day, scope: null })
  await run([statement])
  const row = await env.DB.prepare(
    'SELECT expires_at - created_at AS life, expires_at AS at FROM keys WHERE id = ?1',
  )
    .bind(id)
    .first<{ life: number; at: number }>()
  expect(row?.life).toBe(day * 1000)
  expect(new Date(row?.at ?? 0).toISOString()).toBe(expiresAt)
})

test('the scope of a key is stored as it was given', async () => {
  const scope = { role: 'viewer', buckets: ['media-*'], jurisdictions: ['eu' as const] }
  const { id, statement } = await makeKey({ team: 'media', name: 'ci', expires: day, scope })
  await run([statement])
  expect(JSON.parse((await findKey(env.DB, id))?.scope ?? '')).toEqual(scope)
})
