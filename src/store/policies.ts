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
