import { kindsOf } from '../../policy/document.ts'
import { KIND_NAMES, KINDS } from '../../policy/guardrails/index.ts'
import { operationsOf, permissionsOf } from '../permissions.ts'
import { isWithin } from '../reach.ts'
import type { Lint } from './warning.ts'

/**
 * Grants that let a team use any zone, queue or source of the account or of anybody: no enforced guardrail that holds
 * wherever the grant does says which. Where the organization is closed by default, none is open.
 */
export const openValues: Lint = (document) => {
  if (document.organization.closedByDefault) return []
  return Object.entries(document.teams).flatMap(([team, { grants, guardrails }]) => {
    const binding = [...document.organization.guardrails, ...guardrails]
    return grants.flatMap((grant, index) => {
      const given = operationsOf(permissionsOf(document, grant.role))
      return KIND_NAMES.flatMap((kind) => {
        const { open } = KINDS[kind]
        if (!open?.operations.some((operation) => given.includes(operation))) return []
        const isNamed = binding.some(
          (one) =>
            one.mode === 'enforce' &&
            kindsOf(one)[0] === kind &&
            open.isNamed(one[kind]) &&
            isWithin(grant, one),
        )
        if (isNamed) return []
        const message = `may use any ${open.what}: name them with ${open.options} in a guardrail, or set organization.closedByDefault`
        return [{ rule: 'open-values' as const, path: ['teams', team, 'grants', index], message }]
      })
    })
  })
}
