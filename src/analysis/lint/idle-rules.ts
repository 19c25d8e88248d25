import type { Reach } from '../../policy/compile.ts'
import type { PolicyDocument } from '../../policy/document.ts'
import { kindsOf } from '../../policy/document.ts'
import { KINDS } from '../../policy/guardrails/index.ts'
import { isAccountWide, operationsOf, permissionsOf } from '../permissions.ts'
import { isWholeAccount, meet } from '../reach.ts'
import { type Lint, type Part, partsOf } from './warning.ts'

/** Deny rules that forbid only what no grant gives: a slip in a name, or a rule that outlived its reason. */
export const idleDenies: Lint = (document) =>
  partsOf(document).flatMap((part) =>
    part.deny.flatMap((rule, index) =>
      hits(document, part, operationsOf(rule.permissions), rule)
        ? []
        : [
            {
              rule: 'idle-deny' as const,
              path: [...part.path, 'deny', index],
              message: `${rule.name} denies nothing that any grant ${owner(part)} gives`,
            },
          ],
    ),
  )

/** Guardrails on changes that no grant gives. */
export const idleGuardrails: Lint = (document) =>
  partsOf(document).flatMap((part) =>
    part.guardrails.flatMap((rule, index) => {
      const operations = kindsOf(rule).flatMap((kind) => KINDS[kind].operations)
      if (hits(document, part, operations, rule)) return []
      const message = `${rule.name} guards nothing that any grant ${owner(part)} gives`
      return [{ rule: 'idle-guardrail' as const, path: [...part.path, 'guardrails', index], message }]
    }),
  )

const owner = ({ path }: Part) => (path[0] === 'organization' ? 'of any team' : 'of the team')

function hits(
  document: PolicyDocument,
  { teams }: Part,
  operations: readonly string[],
  reach: Reach,
): boolean {
  return teams
    .flatMap((team) => document.teams[team]?.grants ?? [])
    .some((grant) =>
      operationsOf(permissionsOf(document, grant.role))
        .filter((operation) => operations.includes(operation))
        .some((operation) =>
          isAccountWide(operation)
            ? meet(grant, reach) && isWholeAccount(grant) && isWholeAccount(reach)
            : meet(grant, reach),
        ),
    )
}
