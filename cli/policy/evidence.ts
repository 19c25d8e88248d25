import type { Fault } from '../../src/analysis/simulate.ts'
import type { Policy } from '../../src/policy/compile.ts'
import { decideAccess, type Facts } from '../../src/policy/decide.ts'
import { operationNames } from '../../src/routes/index.ts'
import { operationCalled } from './permissions.ts'

/** A request with what is there now beside it. */
export interface Evidence {
  readonly facts: Facts
  /** What guardrails looked for, once the request was decided, and did not find: without it they find fault. */
  missing(): readonly Fault[]
}

/**
 * Puts beside a request what is there now: `{ buckets.locks.get: … }` or, where only one answer is
 * needed, just that. Of a request that is refused whatever its values, nothing is missing.
 */
export function withEvidence(policy: Policy, facts: Facts, given: unknown): Evidence {
  if (!decideAccess(policy, facts).allowed) return { facts, missing: () => [] }
  const needs = [...new Set(judgesOf(policy, facts).flatMap((guardrail) => guardrail.needs(facts.operation)))]
  const unread = new Set<string>()
  const current = readCurrent(given, needs)
  // Not every check that may compare does, so what is missing shows when a check asks for it.
  for (const need of needs.filter((one) => !Object.hasOwn(current, one)))
    Object.defineProperty(current, need, { get: () => void unread.add(need) })
  const missing = () => [
    ...(lacksBody(policy, facts) ? [{ pointer: '/body', message: 'a guardrail judges it' }] : []),
    ...[...unread].map((need) => ({
      pointer: '/current',
      message: `a guardrail compares with what ${need} answers`,
    })),
  ]
  return { facts: { ...facts, current }, missing }
}

/** The guardrails that judge a request. */
function judgesOf(policy: Policy, { operation, jurisdiction, bucket }: Facts) {
  return policy.rulesFor(operation).guardrails.filter((guardrail) => guardrail.holds(jurisdiction, bucket))
}

function lacksBody(policy: Policy, facts: Facts): boolean {
  const operation = operationCalled(facts.operation)
  if (facts.body !== undefined || !operation?.body || operation.bodyOptional) return false
  return judgesOf(policy, facts).length > 0
}

function readCurrent(given: unknown, needs: readonly string[]): Record<string, unknown> {
  if (given === undefined) return {}
  if (typeof given === 'object' && given !== null) {
    const names = Object.keys(given)
    if (names.length > 0 && names.every((name) => operationNames.includes(name))) return { ...given }
  }
  const [need, ...others] = needs
  return need !== undefined && others.length === 0 ? { [need]: given } : {}
}
