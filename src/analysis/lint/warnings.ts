import type { PolicyDocument } from '../../policy/document.ts'
import type { BucketRef } from '../../policy/names.ts'
import { containedGrants } from './contained-grants.ts'
import { idleLimits } from './idle-limits.ts'
import { idleDenies, idleGuardrails } from './idle-rules.ts'
import { openValues } from './open-values.ts'
import { shadowedGuardrails } from './shadowed-guardrails.ts'
import { sharedBuckets } from './shared-buckets.ts'
import { nobodyLeft, swallowedGrants } from './swallowed-grants.ts'
import { unmatchedPatterns } from './unmatched-patterns.ts'
import { teamsWithoutGrants, unusedRoles } from './unused.ts'
import type { Warning } from './warning.ts'

/** All warnings on a document that is valid. Patterns are held against buckets only where these are given. */
export function warningsOn(document: PolicyDocument, buckets: readonly BucketRef[] | null): Warning[] {
  const lints = [
    containedGrants,
    shadowedGuardrails,
    idleGuardrails,
    idleDenies,
    idleLimits,
    unusedRoles,
    teamsWithoutGrants,
    nobodyLeft,
    swallowedGrants,
    sharedBuckets,
    openValues,
    ...(buckets ? [unmatchedPatterns(buckets)] : []),
  ]
  return lints.flatMap((lint) => lint(document))
}
