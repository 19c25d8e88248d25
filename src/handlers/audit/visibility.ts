import type { AuditRecord } from '../../audit/record.ts'
import { denial } from '../../enforcement/denial.ts'
import { ApiError } from '../../errors.ts'
import type { Principal } from '../../identity/principal.ts'
import type { Policy } from '../../policy/compile.ts'
import { type Denied, decide, type Facts } from '../../policy/decide.ts'
import type { auditGet, auditList } from '../../routes/warden/audit.ts'
import type { Reach } from '../../store/audit-listing.ts'

type Permission = (typeof auditList | typeof auditGet)['name']

/** The records that a caller may see. */
export interface Visibility {
  /** Their team's; `null` is every team's. */
  readonly team: string | null
  /** Only of these buckets, since their key is for no others. */
  readonly reach: Reach
  readonly holds: (record: AuditRecord) => boolean
  /** Why there is no more to see. */
  readonly end: () => ApiError
}

/**
 * A team's own records need no permission, everybody's do; and a key that is narrowed to some buckets shows no
 * others, whoever holds it. Throws where the policy can't be read: then nobody is known to be anybody's.
 */
export function visibilityOf(principal: Principal, permission: Permission): Visibility {
  const { policy, team } = principal
  const { scope } = policy
  const facts: Facts = { operation: permission, jurisdiction: 'default', bucket: null }
  const decision = decide(policy, facts)
  if (!decision.allowed && decision.reason.kind === 'broken-policy') throw denial(principal, facts, decision)
  const isNarrow = !scope.buckets.includes('*') || !scope.jurisdictions.includes('*')
  return {
    team: decision.allowed ? null : team,
    reach: scope,
    holds: (record) =>
      (decision.allowed || record.team === team) && (!isNarrow || isOnBucketIn(scope, record)),
    end: () => {
      if (!decision.allowed) return denial(principal, facts, decision)
      return isNarrow ? denial(principal, facts, OUT_OF_SCOPE) : noSuchRecord()
    },
  }
}

/** What is about no bucket is beyond every key that is for some. */
const isOnBucketIn = (scope: Policy['scope'], { jurisdiction, bucket }: AuditRecord) =>
  jurisdiction !== null && bucket !== null && scope.holds(jurisdiction, bucket)

/** Of what lies beyond a key's scope it doesn't learn even whether it is there. */
const OUT_OF_SCOPE: Denied = { allowed: false, reason: { kind: 'out-of-scope' } }

const noSuchRecord = () =>
  new ApiError('record_not_found', 'No record has this id: retention may have removed it.')
