import type { Policy } from '../../src/policy/compile.ts'
import { currentNeeds, decideAccess, type Facts } from '../../src/policy/decide.ts'
import { operationNames } from '../../src/routes/index.ts'
import { operationCalled } from './permissions.ts'
import type { Fault } from './request.ts'

/** A request with all that guardrails look at, and what is missing of it: without it they refuse. */
export interface Evidence {
  readonly facts: Facts
  readonly missing: readonly Fault[]
}

/**
 * Puts beside a request what is there now: `{ buckets.locks.get: … }` or, where only one answer is
 * needed, just that. Of a request that is refused whatever its values, nothing is missing.
 */
export function withEvidence(policy: Policy, facts: Facts, given: unknown): Evidence {
  if (!decideAccess(policy, facts).allowed) return { facts, missing: [] }
  const needs = currentNeeds(policy, facts)
  const current = readCurrent(given, needs)
  const unread = needs.filter((need) => current?.[need] === undefined)
  return {
    facts: current ? { ...facts, current } : facts,
    missing: [
      ...(lacksBody(policy, facts) ? [{ pointer: '/body', message: 'a guardrail judges it' }] : []),
      ...unread.map((need) => ({
        pointer: '/current',
        message: `a guardrail compares with what ${need} answers`,
      })),
    ],
  }
}

function lacksBody(policy: Policy, { operation: name, jurisdiction, bucket, body }: Facts): boolean {
  const operation = operationCalled(name)
  if (body !== undefined || !operation?.body || operation.bodyOptional) return false
  return policy.rulesFor(name).guardrails.some((guardrail) => guardrail.holds(jurisdiction, bucket))
}

function readCurrent(given: unknown, needs: readonly string[]): Record<string, unknown> | null {
  if (given === undefined) return null
  if (typeof given === 'object' && given !== null) {
    const names = Object.keys(given)
    if (names.length > 0 && names.every((name) => operationNames.includes(name))) return { ...given }
  }
  const [need, ...others] = needs
  return need !== undefined && others.length === 0 ? { [need]: given } : null
}
