import * as z from 'zod'
import { sha256 } from '../encoding/canonical-json.ts'
import { type PolicyDocument, sharedPart } from '../policy/document.ts'
import type { StoredPolicy } from '../policy/stored.ts'
import { ask } from './d1.ts'
import { queryOne, type Statement, statement } from './statement.ts'

const active = z.object({
  version: z.number(),
  digest: z.string(),
  shared: z.string(),
  problem: z.string().nullable(),
})

/** The version of the policy in force, and why it can't be read, if it can't. */
export type ActivePolicy = z.output<typeof active>

/** Which policy is in force; `null` when none was ever applied. */
export const activePolicy = queryOne(
  statement(`SELECT p.version, p.digest, p.shared, p.problem
    FROM active_policy a JOIN policies p ON p.version = a.version`),
  (row) => active.parse(row),
)

export const findActivePolicy = (db: D1Database): Promise<ActivePolicy | null> => ask(db, activePolicy)

const FIND_TEAM = `
  SELECT ?1 AS team, p.version AS policyVersion, p.problem AS policyProblem, p.shared AS sharedPolicy, t.document AS teamPolicy
  FROM active_policy a
  JOIN policies p ON p.version = a.version
  LEFT JOIN team_policies t ON t.version = a.version AND t.team = ?1`

const ofTeam = z.object({
  team: z.string(),
  policyVersion: z.number(),
  policyProblem: z.string().nullable(),
  sharedPolicy: z.string(),
  /** `null` when the policy in force has no such team. */
  teamPolicy: z.string().nullable(),
})

/** What the policy in force says of a team; `null` when none was ever applied. */
export const policyOfTeam = (team: string) => queryOne(statement(FIND_TEAM, team), (row) => ofTeam.parse(row))

/** The policy of a team, without any key's scope; `null` when the policy in force has no such team. */
export async function findTeamPolicy(db: D1Database, team: string): Promise<StoredPolicy | null> {
  const found = await ask(db, policyOfTeam(team))
  return found === null || found.teamPolicy === null ? null : { ...found, scope: null }
}

/** SHA-256 of a document: the same document is the same version. */
export const digestOf = (document: PolicyDocument): Promise<string> => sha256(JSON.stringify(document))

/** Stores a document as the next version and puts it in force. */
export async function policyStatements(document: PolicyDocument): Promise<Statement[]> {
  const { teams, ...rest } = document
  const shared = JSON.stringify(sharedPart.parse(rest))
  return [
    insertPolicy({ shared, digest: await digestOf(document), problem: null }),
    ...Object.entries(teams).map(([team, part]) => statement(INSERT_TEAM, team, JSON.stringify(part))),
    ACTIVATE,
  ]
}

/** A version that says why its document can't be read: while it is in force, everything is denied. */
export function brokenPolicyStatements(problem: string): Statement[] {
  return [insertPolicy({ shared: '{}', digest: 'broken', problem }), ACTIVATE]
}

const INSERT = `INSERT INTO policies (version, shared, digest, problem, applied_at)
  SELECT coalesce(max(version), 0) + 1, ?1, ?2, ?3, ?4 FROM policies`

function insertPolicy({ shared, digest, problem }: Omit<ActivePolicy, 'version'>): Statement {
  return statement(INSERT, shared, digest, problem, Date.now())
}

const INSERT_TEAM =
  'INSERT INTO team_policies (version, team, document) SELECT max(version), ?1, ?2 FROM policies'

const ACTIVATE =
  statement(`INSERT INTO active_policy (id, version) SELECT 1, max(version) FROM policies WHERE true
  ON CONFLICT (id) DO UPDATE SET version = excluded.version`)
