import type { DenyRule, GrantRule, Policy } from './compile.ts'
import { reach } from './reach.ts'

/** What policy sees of a request. */
export interface Facts {
  readonly operation: string
  readonly jurisdiction: string
  /** `null` is the whole account or, for a listing, whichever buckets the caller may see. */
  readonly bucket: string | null
  readonly listing?: boolean
}

export type Decision = Allowed | Refused
export interface Allowed {
  readonly allowed: true
  readonly grant: GrantRule
}
export interface Refused {
  readonly allowed: false
  readonly reason: Refusal
}

/** Why not. Where nothing grants it, or the key's scope leaves it out, the permission of the facts is missing. */
export type Refusal =
  | { readonly kind: 'broken-policy'; readonly message: string }
  | { readonly kind: 'no-grant' }
  | { readonly kind: 'out-of-scope' }
  | { readonly kind: 'deny'; readonly rule: DenyRule }

/**
 * Decides a request. Pure and total: it does no I/O, reads no clock, never throws, and whatever it
 * can't find denies. Deny wins over any grant; then some grant must hold; then the key's scope.
 * A listing is allowed when something may be listed at all; each bucket is then decided by itself.
 */
export function decide(policy: Policy, facts: Facts): Decision {
  const { operation, jurisdiction, bucket, listing } = facts
  if (policy.broken !== null) return refuse({ kind: 'broken-policy', message: policy.broken })
  const rules = policy.rulesFor(operation)
  for (const rule of rules.denies) if (rule.holds(jurisdiction, bucket)) return refuse({ kind: 'deny', rule })
  for (const grant of rules.grants) {
    if (!(listing ? grant.holdsIn(jurisdiction) : grant.holds(jurisdiction, bucket))) continue
    const inScope = listing
      ? reach(policy, operation, jurisdiction).length > 0
      : rules.inScope && policy.scope.holds(jurisdiction, bucket)
    return inScope ? { allowed: true, grant } : refuse({ kind: 'out-of-scope' })
  }
  return refuse({ kind: 'no-grant' })
}

function refuse(reason: Refusal): Refused {
  return { allowed: false, reason }
}
