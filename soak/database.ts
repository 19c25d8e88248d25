import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Miniflare } from 'miniflare'
import { makeKey } from '../src/identity/make-key.ts'
import { type PolicyDocument, policyDocument } from '../src/policy/document.ts'
import { permissionNames } from '../src/routes/index.ts'
import { policyStatements } from '../src/store/policies.ts'
import { DATABASE, manifestOf, optionsOf } from './workers.ts'

const MIGRATIONS = path.join(import.meta.dirname, '..', 'migrations')
const TEAMS = Array.from({ length: 6 }, (_, index) => `team-${index}`)
const KEY_LIFETIME_SECONDS = 86_400

export interface Prepared {
  /** The SQLite file behind the warden's D1. It may be read while the warden runs. */
  readonly file: string
  /** One key a team. */
  readonly keys: readonly string[]
}

/** The warden's database before its first start: tables, a policy in force, keys. */
export async function prepareDatabase(folder: string): Promise<Prepared> {
  const file = await createFile(path.join(folder, 'warden'))
  const sql = new DatabaseSync(file)
  try {
    for (const migration of readdirSync(MIGRATIONS).sort())
      sql.exec(readFileSync(path.join(MIGRATIONS, migration), 'utf8'))
    const keys = await Promise.all(
      TEAMS.map((team) => makeKey({ team, name: 'soak', expires: KEY_LIFETIME_SECONDS, scope: null })),
    )
    const stored = [...(await policyStatements(policy())), ...keys.map(({ statement }) => statement)]
    for (const statement of stored) sql.prepare(statement.sql).run(...statement.values)
    sql.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    return { file, keys: keys.map(({ text }) => text) }
  } finally {
    sql.close()
  }
}

/** Has Miniflare make the file where it will look for it. */
async function createFile(folder: string): Promise<string> {
  const miniflare = new Miniflare(
    optionsOf(folder, {
      name: 'preparation',
      compatibilityDate: '2026-10-01',
      manifest: manifestOf('export default {}'),
      env: { DB: { type: 'd1', id: DATABASE } },
    }),
  )
  const database = await miniflare.getD1Database('DB')
  await database.prepare('SELECT 1').run()
  await miniflare.dispose()
  const objects = path.join(folder, 'd1', 'miniflare-D1DatabaseObject')
  const file = readdirSync(objects).find((name) => /^[0-9a-f]{64}\.sqlite$/.test(name))
  if (!file) throw new Error('this Miniflare keeps D1 in another way')
  return path.join(objects, file)
}

/** Every team may do everything, on the buckets of the soak only: a change of any other is denied. */
function policy(): PolicyDocument {
  const grants = [{ role: 'owner', buckets: ['soak-*'], jurisdictions: ['default', 'eu'] }]
  return policyDocument(permissionNames).parse({
    version: 1,
    teams: Object.fromEntries(TEAMS.map((team) => [team, { grants }])),
  })
}
