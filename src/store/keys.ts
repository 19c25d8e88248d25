import * as z from 'zod'

/** A key with the policy that binds it, as one row: what a request needs to know of its caller. */
export interface KeyRow {
  readonly secretHash: string
  readonly team: string
  readonly name: string
  readonly scope: string | null
  readonly expiresAt: number
  readonly revokedAt: number | null
  readonly policyVersion: number | null
  readonly policyProblem: string | null
  readonly sharedPolicy: string | null
  readonly teamPolicy: string | null
}

const keyRow = z.object({
  secretHash: z.string(),
  team: z.string(),
  name: z.string(),
  scope: z.string().nullable(),
  expiresAt: z.number(),
  revokedAt: z.number().nullable(),
  policyVersion: z.number().nullable(),
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
