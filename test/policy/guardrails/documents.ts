import { issuesOf } from '../../../src/encoding/issues.ts'
import { parse } from '../tools.ts'

/** Documents around one guardrail, and the places where they are refused. */

/** A document with these guardrails in its team. */
export const ofTeam = (...guardrails: unknown[]) => ({ version: 1, teams: { team: { guardrails } } })

/** A document with these guardrails in its organization. */
export const ofOrganization = (...guardrails: unknown[]) => ({
  version: 1,
  organization: { guardrails },
  teams: {},
})

export const AT_TEAM = '/teams/team/guardrails'
export const AT_ORGANIZATION = '/organization/guardrails'

/** Where a document is refused, as JSON pointers, each once. */
export function refusals(document: unknown): string[] {
  const { error } = parse(document)
  return [...new Set(issuesOf('body', error?.issues ?? []).map(({ pointer }) => pointer))]
}

/** Where the options of a kind are refused, below the kind. */
export function optionRefusals(kind: string, options: unknown): string[] {
  const at = `${AT_TEAM}/0/${kind}`
  return refusals(ofTeam({ name: 'rule', [kind]: options })).map((pointer) => pointer.replace(at, ''))
}
