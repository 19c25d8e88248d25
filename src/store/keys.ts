import * as z from 'zod'

/** What tells whether a key that is known still is as it was known. */
export interface KeyState {
  readonly secretHash: string
  readonly team: string
  readonly name: string
  readonly scope: string | null
  readonly expiresAt: number
  readonly revokedAt: number | null
  readonly policyVersion: number | null
}

/** A key with the policy that binds it, as one row: what a request needs to know of its caller. */
export interface KeyRow extends KeyState {
  readonly policyProblem: string | null
  readonly sharedPolicy: string | null
  readonly teamPolicy: string | null
}

const keyState = z.object({
  secretHash: z.string(),
  team: z.string(),
  name: z.string(),
  scope: z.string().nullable(),
  expiresAt: z.number(),
  revokedAt: z.number().nullable(),
  policyVersion: z.number().nullable(),
})

const keyRow = keyState.extend({
  policyProblem: z.string().nullable(),
  sharedPolicy: z.string().nullable(),
  teamPolicy: z.string().nullable(),
})

const FIND_KEY = `
  SELECT k.secret_hash AS secretHash, k.team, k.name, k.scope, k.expires_at AS expiresAt, k.revoked_at AS revokedAt,
         p.version AS policyVersion, p.problem AS policyProblem, p.shared AS sharedPolicy, t.document AS teamPolicy
  FROM keys k
  LEFT JOIN active_policy a ON a.id = 1
  LEFT JOIN policies p ON p.version = a.version
  LEFT JOIN team_policies t ON t.version = a.version AND t.team = k.team
  WHERE k.id = ?1`

/** Reads one key by its public id. Every join is by primary key: the cost doesn't grow with what is stored. */
export async function findKey(db: D1Database, id: string): Promise<KeyRow | null> {
  const row = await db.prepare(FIND_KEY).bind(id).first()
  return row === null ? null : keyRow.parse(row)
}

const FIND_KEY_STATES = `
  SELECT k.id, k.secret_hash AS secretHash, k.team, k.name, k.scope, k.expires_at AS expiresAt, k.revoked_at AS revokedAt,
         a.version AS policyVersion
  FROM json_each(?1) asked
  JOIN keys k ON k.id = asked.value
  LEFT JOIN active_policy a ON a.id = 1`

const keyStates = z.array(keyState.extend({ id: z.string() }))

/** Reads the state of many keys at once, without their policies. */
export async function findKeyStates(
  db: D1Database,
  ids: readonly string[],
): Promise<ReadonlyMap<string, KeyState>> {
  const { results } = await db.prepare(FIND_KEY_STATES).bind(JSON.stringify(ids)).all()
  return new Map(keyStates.parse(results).map((state) => [state.id, state]))
}
