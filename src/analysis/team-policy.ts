import { compile, type Policy } from '../policy/compile.ts'
import { type KeyScope, type PolicyDocument, teamPart } from '../policy/document.ts'

/** What binds a team, and a key of it. A team that a document doesn't have may do nothing. */
export function policyOfTeam(document: PolicyDocument, team: string, scope: KeyScope | null = null): Policy {
  const part = Object.hasOwn(document.teams, team) ? document.teams[team] : undefined
  return compile(team, document, part ?? teamPart.parse({}), scope)
}
