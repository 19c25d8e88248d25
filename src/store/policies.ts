import type { StoredPolicy } from '../policy/stored.ts'

/** The version of the policy in force, and why it can't be read, if it can't. */
export interface ActivePolicy {
  readonly version: number
  readonly shared: string
  readonly problem: string | null
}

/** Reads which policy is in force; `null` when none was ever applied. */
export async function findActivePolicy(db: D1Database): Promise<ActivePolicy | null> {
  const query = `SELECT p.version, p.shared, p.problem FROM active_policy a JOIN policies p ON p.version = a.version`
  return await db.prepare(query).first<ActivePolicy>()
}

const FIND_TEAM = `
  SELECT ?1 AS team, p.version AS policyVersion, p.problem AS policyProblem, p.shared AS sharedPolicy, t.document AS teamPolicy
  FROM active_policy a
  JOIN policies p ON p.version = a.version
  JOIN team_policies t ON t.version = a.version AND t.team = ?1`

/** The policy of a team, without any key's scope; `null` when the policy in force has no such team. */
export async function findTeamPolicy(db: D1Database, team: string): Promise<StoredPolicy | null> {
  const row = await db.prepare(FIND_TEAM).bind(team).first<Omit<StoredPolicy, 'scope'>>()
  return row === null ? null : { ...row, scope: null }
}
