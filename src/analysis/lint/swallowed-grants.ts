import type { PolicyDocument } from '../../policy/document.ts'
import { operationsOf, permissionsOf } from '../permissions.ts'
import { isWithin } from '../reach.ts'
import type { Lint } from './warning.ts'

type Part = PolicyDocument['teams'][string]

/** The operations of a grant that no deny rule takes back everywhere. */
export function operationsLeft(
  document: PolicyDocument,
  { deny }: Part,
  grant: Part['grants'][number],
): string[] {
  const denies = [...document.organization.deny, ...deny].filter((rule) => isWithin(grant, rule))
  const denied = new Set(denies.flatMap(({ permissions }) => operationsOf(permissions)))
  return operationsOf(permissionsOf(document, grant.role)).filter((operation) => !denied.has(operation))
}

/** Grants of which deny rules leave nothing. */
export const swallowedGrants: Lint = (document) =>
  Object.entries(document.teams).flatMap(([team, part]) =>
    part.grants.flatMap((grant, index) => {
      const given = operationsOf(permissionsOf(document, grant.role))
      if (given.length === 0 || operationsLeft(document, part, grant).length > 0) return []
      const message = `gives nothing: deny rules take back all of ${grant.role} wherever it holds`
      return [{ rule: 'swallowed-grant' as const, path: ['teams', team, 'grants', index], message }]
    }),
  )

/** A document under which nobody may do anything any more. */
export const nobodyLeft: Lint = (document) => {
  const isLeft = Object.values(document.teams).some((part) =>
    part.grants.some((grant) => operationsLeft(document, part, grant).length > 0),
  )
  if (isLeft) return []
  return [{ rule: 'nobody-left' as const, path: ['teams'], message: 'no team is left with any operation' }]
}
