import { type Decision, decideAccess } from '../../policy/decide.ts'
import type { PolicyDocument } from '../../policy/document.ts'
import { unreadable } from '../../policy/unreadable.ts'
import { decideOnEvidence } from '../evidence.ts'
import { type Outcome, outcomeOf } from '../outcome.ts'
import { type Fault, type Question, simulate } from '../simulate.ts'
import { policyOfTeam } from '../team-policy.ts'
import type { Case } from './cases.ts'

/** What came of a case: a decision, unless the case asks for what can't be asked. */
export interface Result {
  readonly case: Case
  readonly passed: boolean
  readonly outcome: Outcome | null
  readonly decision: Decision | null
  readonly faults: readonly Fault[]
}

/** Decides one case as the warden would. */
export function runCase(document: PolicyDocument, asked: Case): Result {
  const { team, scope, current, expect, by } = asked
  const made = simulate(requestOf(asked))
  if (made.faults) return impossible(asked, made.faults)
  const policy = policyOfTeam(document, team, scope ?? null)
  const { facts, decision, missing } = decideOnEvidence(policy, made.facts, current)
  const lacking = missing.map(({ pointer, message }) => ({ pointer, message: `is missing: ${message}` }))
  if (lacking.length > 0) return impossible(asked, lacking)
  const unread = facts.body === undefined ? [] : unreadable(policy, facts)
  if (unread.length > 0 && decideAccess(policy, facts).allowed)
    return impossible(
      asked,
      unread.map(({ pointer, message }) => ({ pointer: `/body${pointer}`, message })),
    )
  const outcome = outcomeOf(policy, facts, decision)
  const passed = outcome.result === expect && (by === undefined || outcome.by.includes(by))
  return { case: asked, passed, outcome, decision, faults: [] }
}

function impossible(asked: Case, faults: readonly Fault[]): Result {
  return { case: asked, passed: false, outcome: null, decision: null, faults }
}

function requestOf({ operation, jurisdiction, bucket, domain, queueId, body, dialect, now }: Case): Question {
  return {
    operation,
    jurisdiction,
    dialect,
    ...(bucket !== undefined && { bucket }),
    ...(domain !== undefined && { domain }),
    ...(queueId !== undefined && { queueId }),
    ...(body !== undefined && { body }),
    ...(now !== undefined && { now: Date.parse(now) }),
  }
}
