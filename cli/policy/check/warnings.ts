import type { PolicyDocument } from '../../../src/policy/document.ts'
import type { Bucket } from './bucket-list.ts'
import { containedGrants } from './contained-grants.ts'
import { idleLimits } from './idle-limits.ts'
import { idleDenies, idleGuardrails } from './idle-rules.ts'
import { shadowedGuardrails } from './shadowed-guardrails.ts'
import { unmatchedPatterns } from './unmatched-patterns.ts'
import { teamsWithoutGrants, unusedRoles } from './unused.ts'
import type { Warning } from './warning.ts'

/** All warnings on a document that is valid. Patterns are held against buckets only where these are given. */
export function warningsOn(document: PolicyDocument, buckets: readonly Bucket[] | null): Warning[] {
  const lints = [
    containedGrants,
    shadowedGuardrails,
    idleGuardrails,
    idleDenies,
    idleLimits,
    unusedRoles,
    teamsWithoutGrants,
    ...(buckets ? [unmatchedPatterns(buckets)] : []),
  ]
  return lints.flatMap((lint) => lint(document))
}
