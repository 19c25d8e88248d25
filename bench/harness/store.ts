import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { PROJECT } from '../../cli/d1.ts'
import { generateTeamKey } from '../../src/identity/team-key.ts'
import { type PolicyDocument, policyDocument } from '../../src/policy/document.ts'
import { operationNames } from '../../src/routes/index.ts'
import { insertKey } from '../../src/store/keys.ts'
import { policyStatements } from '../../src/store/policies.ts'
import { createDatabase, type EmptyDatabase } from './d1.ts'

export interface Store {
  readonly database: EmptyDatabase
  /** Some of the keys, each of another team while there are teams enough. */
  readonly keys: readonly StoredKey[]
}

export interface StoredKey {
  readonly team: string
  readonly text: string
}

export interface StoreSize {
  readonly teams: number
  readonly keysPerTeam: number
  /** How many keys to give back. */
  readonly sample: number
}

const YEAR_MS = 365 * 86_400_000

/** Fills a database with teams and keys, written as the commands write them, but straight into SQLite. */
export async function createStore(folder: string, size: StoreSize): Promise<Store> {
  const database = await createDatabase(folder)
  const sql = new DatabaseSync(database.file)
  try {
    sql.exec('PRAGMA synchronous = OFF')
    const migrations = path.join(PROJECT, 'migrations')
    for (const file of readdirSync(migrations).sort())
      sql.exec(readFileSync(path.join(migrations, file), 'utf8'))
    sql.exec('BEGIN')
    for (const one of await policyStatements(policyOf(size.teams))) sql.prepare(one.sql).run(...one.values)
    const keys = insertKeys(sql, size)
    sql.exec('COMMIT')
    sql.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    return { database, keys }
  } finally {
    sql.close()
  }
}

const teamName = (index: number) => `team-${index}`

/** Each team has the grants of the example policy's team, under names of its own; one rule binds all. */
function policyOf(teams: number): PolicyDocument {
  const parts = Array.from({ length: teams }, (_, index) => {
    const grants = [
      { role: 'admin', buckets: [`${teamName(index)}-*`], jurisdictions: ['default', 'eu'] },
      { role: 'viewer', buckets: ['shared-assets'] },
    ]
    return [teamName(index), { grants }]
  })
  return policyDocument(operationNames).parse({
    version: 1,
    roles: {
      'domain-manager': { permissions: ['buckets.list', 'buckets.get', 'buckets.domains.custom.*'] },
    },
    organization: {
      deny: [{ name: 'prod-is-forever', permissions: ['buckets.delete'], buckets: ['*-prod'] }],
    },
    teams: Object.fromEntries(parts),
  })
}

/** Keys are dealt out to the teams in turn, so that the first of them are all of different teams. */
function insertKeys(sql: DatabaseSync, { teams, keysPerTeam, sample }: StoreSize): StoredKey[] {
  const now = Date.now()
  const keys: StoredKey[] = []
  let insert: StatementSync | undefined
  for (let index = 0; index < teams * keysPerTeam; index++) {
    const { id, secret, text } = generateTeamKey()
    const team = teamName(index % teams)
    const name = `key-${Math.floor(index / teams)}`
    const secretHash = hash('sha256', secret)
    const row = { id, secretHash, team, name, scope: null, createdAt: now, expiresAt: now + YEAR_MS }
    const statement = insertKey(row)
    insert ??= sql.prepare(statement.sql) // one for all of them
    insert.run(...statement.values)
    if (keys.length < sample) keys.push({ team, text })
  }
  return keys
}
