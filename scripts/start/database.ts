import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { execute, PROJECT, query, wrangler } from '../../cli/d1.ts'
import { readPolicyFile } from '../../cli/policy-file.ts'
import { findActive } from '../../cli/policy-store.ts'
import { brokenPolicyStatements, digestOf, makeKey, policyStatements, sqlText } from '../../cli/statements.ts'
import { parseTeamKey } from '../../src/identity/team-key.ts'
import type { KeyScope } from '../../src/policy/document.ts'

const LOCAL = { remote: false }
const POLICY_FILE = 'policy/example.yaml'
const KEYS_FILE = path.join(PROJECT, '.dev', 'demo-keys.json')
const YEAR_SECONDS = 365 * 86_400

const DEMO_KEYS: Readonly<Record<string, { team: string; scope: KeyScope | null }>> = {
  'media-admin': { team: 'media', scope: null },
  'media-viewer': { team: 'media', scope: { role: 'viewer' } },
  'data-editor': { team: 'data', scope: null },
  'platform-owner': { team: 'platform', scope: null },
}

export type DemoKeys = Readonly<Record<string, string>>

/** Brings the local database up to date: tables, the example policy, demo keys. What is there already stays. */
export async function prepareDatabase(): Promise<{ keys: DemoKeys; problems: readonly string[] }> {
  await wrangler('d1', 'migrations', 'apply', 'DB', '--local')
  const policy = readPolicyFile(path.join(PROJECT, POLICY_FILE))
  const active = await findActive(LOCAL)
  const problem = policy.problems?.join('; ')
  const isInForce = policy.document !== null && active?.digest === (await digestOf(policy.document))
  const statements = policy.document
    ? isInForce
      ? []
      : await policyStatements(policy.document)
    : brokenPolicyStatements(problem ?? 'not valid')

  const known = await storedKeys()
  const made = known ? null : await makeDemoKeys()
  const all = [...statements, ...(made?.statements ?? [])]
  if (all.length > 0) await execute(all, LOCAL)
  if (made) {
    mkdirSync(path.dirname(KEYS_FILE), { recursive: true })
    writeFileSync(KEYS_FILE, `${JSON.stringify(made.keys, null, 2)}\n`, { mode: 0o600 })
  }
  return { keys: known ?? made?.keys ?? {}, problems: policy.problems ?? [] }
}

/** The demo keys of an earlier start, if the database still knows them all. */
async function storedKeys(): Promise<DemoKeys | null> {
  if (!existsSync(KEYS_FILE)) return null
  const keys: DemoKeys = JSON.parse(readFileSync(KEYS_FILE, 'utf8'))
  const ids = Object.keys(DEMO_KEYS).flatMap((name) => parseTeamKey(keys[name] ?? '')?.id ?? [])
  if (ids.length < Object.keys(DEMO_KEYS).length) return null
  const now = Date.now()
  const statement = `SELECT id FROM keys WHERE id IN (${ids.map(sqlText).join(', ')}) AND revoked_at IS NULL AND expires_at > ${now}`
  return (await query(statement, LOCAL)).length === ids.length ? keys : null
}

async function makeDemoKeys() {
  const made = await Promise.all(
    Object.entries(DEMO_KEYS).map(async ([name, { team, scope }]) => {
      const { text, statement } = await makeKey({ team, name, scope, expires: YEAR_SECONDS })
      return { name, text, statement }
    }),
  )
  return {
    keys: Object.fromEntries(made.map(({ name, text }) => [name, text])),
    statements: made.map(({ statement }) => statement),
  }
}
