import { isSameJson } from '../../encoding/canonical-json.ts'
import type { PolicyDocument } from '../../policy/document.ts'
import { operationsOf, permissionsOf } from '../permissions.ts'
import { policyOfTeam } from '../team-policy.ts'
import { gainInWords, lossInWords, opened } from './access.ts'
import type { Change } from './change.ts'
import { closureChanges } from './closure.ts'
import { type Example, examplesOf } from './examples.ts'
import { guardrailChanges, guardrailsOf } from './guardrails.ts'
import { limitChanges } from './limits.ts'

export interface TeamDiff {
  readonly team: string
  readonly status: 'new' | 'gone' | 'kept'
  readonly gains: readonly Change[]
  readonly loses: readonly Change[]
  /** Changes that give and take nothing. */
  readonly also: readonly string[]
  readonly examples: readonly Example[]
}

/** A role that means something else now. It changes grants, which the teams tell, and keys that are narrowed to it. */
export interface RoleDiff {
  readonly role: string
  readonly status: 'new' | 'gone' | 'kept'
  readonly gains: readonly string[]
  readonly loses: readonly string[]
}

export interface PolicyDiff {
  readonly same: boolean
  readonly teams: readonly TeamDiff[]
  readonly roles: readonly RoleDiff[]
}

/** What one document gives and takes compared with another. Only teams and roles that something changes for. */
export function diffPolicies(before: PolicyDocument, after: PolicyDocument, limit: number): PolicyDiff {
  const names = new Set([...Object.keys(before.teams), ...Object.keys(after.teams)])
  const bindsAll = ({ roles, organization }: PolicyDocument) => ({ roles, organization })
  const isSameForAll = isSameJson(bindsAll(before), bindsAll(after))
  const isUntouched = (team: string) => isSameForAll && isSameJson(before.teams[team], after.teams[team])
  const teams = [...names]
    .filter((team) => !isUntouched(team))
    .map((team) => diffTeam(before, after, team, limit))
    .filter(isTold)
  const roles = diffRoles(before, after)
  return { same: teams.length === 0 && roles.length === 0, teams, roles }
}

/** Whether somebody may do more than before: a team, or a key that is narrowed to a role that grew. */
export function isWider({ teams, roles }: PolicyDiff): boolean {
  return (
    teams.some(({ gains }) => gains.length > 0) ||
    roles.some(({ status, gains }) => status === 'kept' && gains.length > 0)
  )
}

function diffTeam(before: PolicyDocument, after: PolicyDocument, team: string, limit: number): TeamDiff {
  const boundIn = (document: PolicyDocument) => ({
    guardrails: guardrailsOf(document, team),
    policy: policyOfTeam(document, team),
  })
  const [old, now] = [boundIn(before), boundIn(after)]
  const guardrails = guardrailChanges(old, now)
  const limits = limitChanges(old.policy, now.policy)
  const closure = closureChanges(old.policy, now.policy)
  const status = statusOf(before.teams, after.teams, team)
  return {
    team,
    status,
    gains: [
      ...opened(old.policy, now.policy).map(gainInWords),
      ...guardrails.gains,
      ...closure.gains,
      ...limits.gains,
    ],
    loses: [
      ...opened(now.policy, old.policy).map(lossInWords),
      ...guardrails.loses,
      ...closure.loses,
      ...limits.loses,
    ],
    also: [...guardrails.also, ...limits.also],
    examples: examplesOf(old, now, limit),
  }
}

const isTold = ({ status, gains, loses, also, examples }: TeamDiff) =>
  status !== 'kept' || gains.length + loses.length + also.length + examples.length > 0

function diffRoles(before: PolicyDocument, after: PolicyDocument): RoleDiff[] {
  const names = new Set([...Object.keys(before.roles), ...Object.keys(after.roles)])
  return [...names].flatMap((role): RoleDiff[] => {
    const operationsIn = (document: PolicyDocument) => operationsOf(permissionsOf(document, role))
    const [old, now] = [operationsIn(before), operationsIn(after)]
    if (isSameJson(old, now)) return []
    const gains = now.filter((one) => !old.includes(one))
    const loses = old.filter((one) => !now.includes(one))
    return [{ role, status: statusOf(before.roles, after.roles, role), gains, loses }]
  })
}

function statusOf(before: object, after: object, name: string): TeamDiff['status'] {
  if (!Object.hasOwn(before, name)) return 'new'
  return Object.hasOwn(after, name) ? 'kept' : 'gone'
}
