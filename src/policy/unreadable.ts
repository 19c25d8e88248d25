import type { Policy } from './compile.ts'
import type { Facts } from './decide.ts'

/** A place of a body that can't be read as what it should be. */
export interface Unreadable {
  readonly pointer: string
  readonly message: string
}

/**
 * What of a body no enforced guardrail can judge, since it isn't of the shape that the operation takes. `decide` lets
 * none of it through; but it is the request that is at fault then, and no value that another would be allowed for.
 */
export function unreadable(policy: Policy, facts: Facts): readonly Unreadable[] {
  const { guardrails } = policy.rulesFor(facts.operation)
  const found = guardrails
    .filter(({ mode, holds }) => mode === 'enforce' && holds(facts.jurisdiction, facts.bucket))
    .flatMap(({ check }) => check(facts))
    .flatMap(({ pointer, message, expected }) =>
      expected === undefined ? [] : [{ pointer, message: `${message}; expected ${expected}` }],
    )
  return [...new Map(found.map((one) => [`${one.pointer} ${one.message}`, one])).values()]
}
