import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import * as z from 'zod'
import { execute, PROJECT, query, wrangler } from '../../cli/d1.ts'
import { readPolicyFile } from '../../cli/policy-file.ts'
import { makeKey } from '../../src/identity/make-key.ts'
import { parseTeamKey } from '../../src/identity/team-key.ts'
import type { KeyScope } from '../../src/policy/document.ts'
import { keysInForce } from '../../src/store/keys.ts'
import { activePolicy, brokenPolicyStatements, digestOf, policyStatements } from '../../src/store/policies.ts'
import type { Statement } from '../../src/store/statement.ts'

const LOCAL = { remote: false }
const POLICY_FILE = 'policy/example.yaml'
const KEYS_FILE = path.join(PROJECT, '.dev', 'demo-keys.json')
const LOADED_FILE = path.join(PROJECT, '.dev', 'loaded-policy')
const YEAR_SECONDS = 365 * 86_400

const DEMO_KEYS: Readonly<Record<string, { team: string; scope: KeyScope | null }>> = {
  'media-admin': { team: 'media', scope: null },
  'media-viewer': { team: 'media', scope: { role: 'viewer' } },
  'data-editor': { team: 'data', scope: null },
  'platform-owner': { team: 'platform', scope: null },
}

export type DemoKeys = Readonly<Record<string, string>>

/** Brings the local database up to date: tables, the example policy, demo keys. What is there already stays. */
export async function prepareDatabase(): Promise<DemoKeys> {
  await wrangler('d1', 'migrations', 'apply', 'DB', '--local')
  const policy = await examplePolicy()
  const known = await storedKeys()
  const made = known ? null : await makeDemoKeys()
  const statements = [...policy.statements, ...(made?.statements ?? [])]
  if (statements.length > 0) await execute(statements, LOCAL)
  mkdirSync(path.dirname(KEYS_FILE), { recursive: true })
  writeFileSync(LOADED_FILE, policy.digest)
  if (made) writeFileSync(KEYS_FILE, `${JSON.stringify(made.keys, null, 2)}\n`, { mode: 0o600 })
  return known ?? made?.keys ?? {}
}

/** What puts the example in force: nothing while it is as it was loaded, for another may have been applied since. */
async function examplePolicy(): Promise<{ digest: string; statements: readonly Statement[] }> {
  const { document, problems } = readPolicyFile(path.join(PROJECT, POLICY_FILE))
  const shown = problems?.map((problem) => problem.replace(PROJECT + path.sep, '')).join('; ')
  const digest = document ? await digestOf(document) : `not valid: ${shown}`
  const active = await query(activePolicy, LOCAL)
  const isLoaded = active !== null && [active.digest, textOf(LOADED_FILE)].includes(digest)
  if (isLoaded) return { digest, statements: [] }
  return {
    digest,
    statements: document ? await policyStatements(document) : brokenPolicyStatements(shown ?? ''),
  }
}

const textOf = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : null)

/** The demo keys of an earlier start, if the database still knows them all. */
async function storedKeys(): Promise<DemoKeys | null> {
  const keys = parseKeys(textOf(KEYS_FILE) ?? '')
  if (!keys) return null
  const ids = Object.keys(DEMO_KEYS).flatMap((name) => parseTeamKey(keys[name] ?? '')?.id ?? [])
  if (ids.length < Object.keys(DEMO_KEYS).length) return null
  const inForce = await query(keysInForce(ids, Date.now()), LOCAL)
  return inForce.length === ids.length ? keys : null
}

/** A file that was edited or cut short is as good as none. */
function parseKeys(text: string): DemoKeys | null {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(text))
  } catch {
    return null
  }
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
