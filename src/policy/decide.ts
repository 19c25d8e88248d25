import type { DenyRule, GrantRule, GuardrailRule, Policy } from './compile.ts'
import type { Change, Violation } from './guardrails/guardrail.ts'
import { reach } from './reach.ts'

/** What policy sees of a request. */
export interface Facts {
  readonly operation: string
  readonly jurisdiction: string
  /** `null` is the whole account or, for a listing, whichever buckets the caller may see. */
  readonly bucket: string | null
  readonly listing?: boolean
  /** What is asked for, for the guardrails. */
  readonly domain?: string | undefined
  readonly queueId?: string | undefined
  readonly body?: unknown
  /** What is there now, by the operation that reads it; `currentNeeds` says which. */
  readonly current?: Change['current']
  /** Unix time, ms. */
  readonly now?: number
}

/** A guardrail that speaks of a change, and what it found. */
export interface Verdict {
  readonly guardrail: GuardrailRule
  readonly violations: readonly Violation[]
}

export type Decision = Allowed | Denied
export interface Allowed {
  readonly allowed: true
  readonly grant: GrantRule
  /** Of all guardrails that were asked; those that violate are in mode `warn` or `shadow`. */
  readonly verdicts: readonly Verdict[]
}
export interface Denied {
  readonly allowed: false
  readonly reason: DenialReason
  /** Whom to ask. */
  readonly contact?: string
}

/** Why not. Where nothing grants it, or the key's scope leaves it out, the permission of the facts is missing. */
export type DenialReason =
  | { readonly kind: 'broken-policy'; readonly message: string }
  | { readonly kind: 'no-grant' }
  | { readonly kind: 'out-of-scope' }
  | { readonly kind: 'deny'; readonly rule: DenyRule }
  | { readonly kind: 'guardrail'; readonly verdicts: readonly Verdict[] }

const NO_VERDICTS: readonly Verdict[] = []

/**
 * Decides a request. Pure and total: it does no I/O, reads no clock, never throws, and whatever it
 * can't find denies. Deny wins over any grant; then some grant must hold; then the key's scope; then
 * every enforced guardrail, all of them reported at once.
 * A listing is allowed when something may be listed at all; each bucket is then decided by itself.
 */
export function decide(policy: Policy, facts: Facts): Decision {
  const decision = decideAccess(policy, facts)
  if (!decision.allowed) return decision
  const { guardrails } = policy.rulesFor(facts.operation)
  if (guardrails.length === 0) return decision
  const verdicts = guardrails
    .filter((guardrail) => guardrail.holds(facts.jurisdiction, facts.bucket))
    .map((guardrail) => ({ guardrail, violations: guardrail.check(facts) }))
  const isViolated = verdicts.some(
    ({ guardrail, violations }) => guardrail.mode === 'enforce' && violations.length > 0,
  )
  return isViolated ? denial(policy, { kind: 'guardrail', verdicts }) : { ...decision, verdicts }
}

/** The part of a decision that looks at no values: who, what and where. */
export function decideAccess(policy: Policy, facts: Facts): Decision {
  const { operation, jurisdiction, bucket, listing } = facts
  if (policy.broken !== null) return denial(policy, { kind: 'broken-policy', message: policy.broken })
  const rules = policy.rulesFor(operation)
  for (const rule of rules.denies)
    if (rule.holds(jurisdiction, bucket)) return denial(policy, { kind: 'deny', rule })
  for (const grant of rules.grants) {
    if (!(listing ? grant.holdsIn(jurisdiction) : grant.holds(jurisdiction, bucket))) continue
    const inScope = listing
      ? reach(policy, operation, jurisdiction).length > 0
      : rules.inScope && policy.scope.holds(jurisdiction, bucket)
    return inScope
      ? { allowed: true, grant, verdicts: NO_VERDICTS }
      : denial(policy, { kind: 'out-of-scope' })
  }
  return denial(policy, { kind: 'no-grant' })
}

/** An operation whose answer a guardrail must see, and whether the change hangs on it. */
export interface Need {
  readonly operation: string
  readonly enforced: boolean
}

const NO_NEEDS: readonly Need[] = []

/** What the guardrails must see before they can judge this change. */
export function currentNeeds(policy: Policy, { operation, jurisdiction, bucket }: Facts): readonly Need[] {
  const { guardrails } = policy.rulesFor(operation)
  if (guardrails.length === 0) return NO_NEEDS
  const asked = guardrails.filter((guardrail) => guardrail.holds(jurisdiction, bucket))
  const needs = asked.flatMap(({ needs, mode }) => needs(operation).map((name) => ({ name, mode })))
  return [...new Set(needs.map(({ name }) => name))].map((name) => ({
    operation: name,
    enforced: needs.some((one) => one.name === name && one.mode === 'enforce'),
  }))
}

function denial({ contact }: Policy, reason: DenialReason): Denied {
  return { allowed: false, reason, ...(contact !== null && { contact }) }
}
