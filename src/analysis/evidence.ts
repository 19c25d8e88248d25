import type { Policy } from '../policy/compile.ts'
import { type Decision, decide, decideAccess, type Facts } from '../policy/decide.ts'
import { operationNamed, operationNames } from '../routes/index.ts'
import type { Fault } from './simulate.ts'

/** A request that was decided without asking Cloudflare what is there. */
export interface EvidencedDecision {
  readonly facts: Facts
  readonly decision: Decision
  /** What guardrails looked for and did not find: without it they find fault. */
  readonly missing: readonly Fault[]
}

/**
 * Decides with what is said to be there now: `{ buckets.locks.get: … }` or, where only one answer is
 * needed, just that. Of a request that is refused whatever its values, nothing is missing.
 */
export function decideOnEvidence(policy: Policy, facts: Facts, given: unknown): EvidencedDecision {
  const access = decideAccess(policy, facts)
  if (!access.allowed) return { facts, decision: access, missing: [] }
  const needs = [...new Set(judgesOf(policy, facts).flatMap((guardrail) => guardrail.needs(facts.operation)))]
  const unread = new Set<string>()
  const current = readCurrent(given, needs)
  // Not every check that may compare does, so what is missing shows when a check asks for it.
  for (const need of needs.filter((one) => !Object.hasOwn(current, one)))
    Object.defineProperty(current, need, { get: () => void unread.add(need) })
  const known = { ...facts, current }
  const decision = decide(policy, known)
  const missing = [
    ...(lacksBody(policy, facts) ? [{ pointer: '/body', message: 'a guardrail judges it' }] : []),
    ...[...unread].map((need) => ({
      pointer: '/current',
      message: `a guardrail compares with what ${need} answers`,
    })),
  ]
  return { facts: known, decision, missing }
}

/** The guardrails that judge a request. */
function judgesOf(policy: Policy, { operation, jurisdiction, bucket }: Facts) {
  return policy.rulesFor(operation).guardrails.filter((guardrail) => guardrail.holds(jurisdiction, bucket))
}

function lacksBody(policy: Policy, facts: Facts): boolean {
  const operation = operationNamed(facts.operation)
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
