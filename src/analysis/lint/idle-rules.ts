import type { Reach } from '../../policy/compile.ts'
import type { PolicyDocument } from '../../policy/document.ts'
import { kindsOf } from '../../policy/document.ts'
import { operationsJudged } from '../../policy/guardrails/guardrail.ts'
import { KINDS, type KindName } from '../../policy/guardrails/index.ts'
import { JURISDICTIONS } from '../../policy/names.ts'
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

/** Whether some value would be refused, of those that are tried on both sides of what is allowed. */
function refusesAnything(kind: KindName, options: unknown): boolean {
  const { check, samples } = KINDS[kind]
  return operationsJudged(KINDS[kind], options).some((operation) =>
    samples(operation, [options]).some((sample) =>
      JURISDICTIONS.some((jurisdiction) => check(options, { operation, jurisdiction, ...sample }).length > 0),
    ),
  )
}

/** Guardrails on changes that no grant gives, and those that let every value pass. */
export const idleGuardrails: Lint = (document) =>
  partsOf(document).flatMap((part) =>
    part.guardrails.flatMap((rule, index) => {
      const operations = kindsOf(rule).flatMap((kind) => operationsJudged(KINDS[kind], rule[kind]))
      const isAsked = hits(document, part, operations, rule)
      if (isAsked && kindsOf(rule).some((kind) => refusesAnything(kind, rule[kind]))) return []
      const message = isAsked
        ? `${rule.name} refuses nothing: every value passes it`
        : `${rule.name} guards nothing that any grant ${owner(part)} gives`
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
