/** What the commands write, as SQL. It needs no Node, so that tests in the Workers runtime write the same. */
import { generateTeamKey, hashSecret } from '../src/identity/team-key.ts'
import { type KeyScope, type PolicyDocument, sharedPart } from '../src/policy/document.ts'

/** A text as SQL writes it. What is written this way is JSON or was parsed before, so it holds no NUL. */
export function sqlText(text: string | null): string {
  return text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`
}

/** SHA-256 of a document: the same document is the same version. */
export function digestOf(document: PolicyDocument): Promise<string> {
  return hashSecret(JSON.stringify(document))
}

/** Stores a document as the next version and puts it in force. */
export async function policyStatements(document: PolicyDocument): Promise<string[]> {
  const { teams, ...rest } = document
  const shared = JSON.stringify(sharedPart.parse(rest))
  return [
    insertPolicy({ shared, digest: await digestOf(document), problem: null }),
    ...Object.entries(teams).map(([team, part]) => {
      const values = `${sqlText(team)}, ${sqlText(JSON.stringify(part))}`
      return `INSERT INTO team_policies (version, team, document) SELECT max(version), ${values} FROM policies`
    }),
    ACTIVATE,
  ]
}

/** A version that says why its document can't be read: while it is in force, everything is denied. */
export function brokenPolicyStatements(problem: string): string[] {
  return [insertPolicy({ shared: '{}', digest: 'broken', problem }), ACTIVATE]
}

function insertPolicy({
  shared,
  digest,
  problem,
}: {
  shared: string
  digest: string
  problem: string | null
}): string {
  const values = [sqlText(shared), sqlText(digest), sqlText(problem), Date.now()].join(', ')
  return `INSERT INTO policies (version, shared, digest, problem, applied_at)
    SELECT coalesce(max(version), 0) + 1, ${values} FROM policies`
}

const ACTIVATE = `INSERT INTO active_policy (id, version) SELECT 1, max(version) FROM policies WHERE true
    ON CONFLICT (id) DO UPDATE SET version = excluded.version`

export interface NewKey {
  readonly team: string
  readonly name: string
  /** Seconds from now. */
  readonly expires: number
  readonly scope: KeyScope | null
}

/** A new key, and the statement that stores what proves it. */
export async function makeKey({ team, name, expires, scope }: NewKey) {
  const { id, secret, text } = generateTeamKey()
  const now = Date.now()
  const expiresAt = now + expires * 1000
  const texts = [id, await hashSecret(secret), team, name, scope === null ? null : JSON.stringify(scope)]
  const values = [...texts.map(sqlText), now, expiresAt].join(', ')
  const statement = `INSERT INTO keys (id, secret_hash, team, name, scope, created_at, expires_at) VALUES (${values})`
  return { id, text, statement, expiresAt: new Date(expiresAt).toISOString() }
}
