import * as z from 'zod'
import { ask } from './d1.ts'
import { query, queryOne, type Statement, statement } from './statement.ts'

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
export const findKey = (db: D1Database, id: string): Promise<KeyRow | null> =>
  ask(
    db,
    queryOne(statement(FIND_KEY, id), (row) => keyRow.parse(row)),
  )

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
  const states = query(statement(FIND_KEY_STATES, JSON.stringify(ids)), (rows) => keyStates.parse(rows))
  return new Map((await ask(db, states)).map((state) => [state.id, state]))
}

const keyIds = z.array(z.object({ id: z.string() }))

/** Those of some keys that open anything, by their ids. */
export const keysInForce = (ids: readonly string[], now: number) =>
  query(
    statement(
      `SELECT id FROM keys
        WHERE id IN (SELECT value FROM json_each(?1)) AND revoked_at IS NULL AND expires_at > ?2`,
      JSON.stringify(ids),
      now,
    ),
    (rows) => keyIds.parse(rows).map(({ id }) => id),
  )

/** A key as it is first stored. */
export interface NewKeyRow extends Pick<KeyState, 'secretHash' | 'team' | 'name' | 'scope' | 'expiresAt'> {
  readonly id: string
  readonly createdAt: number
}

const INSERT = `INSERT INTO keys (id, secret_hash, team, name, scope, created_at, expires_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`

export function insertKey(key: NewKeyRow): Statement {
  const { id, secretHash, team, name, scope, createdAt, expiresAt } = key
  return statement(INSERT, id, secretHash, team, name, scope, createdAt, expiresAt)
}
