import type { Deny, Grant, KeyScope, SharedPart, TeamPart } from './document.ts'
import { matcher, matches } from './match.ts'
import { BUILT_IN_ROLES } from './roles.ts'

/** Some buckets in some jurisdictions, prepared for questions. */
interface Place {
  readonly buckets: readonly string[]
  readonly jurisdictions: readonly string[]
  readonly holdsIn: (jurisdiction: string) => boolean
  /** Whether this bucket is meant; `null` is the whole account, which only `*` covers. */
  readonly holds: (jurisdiction: string, bucket: string | null) => boolean
}

export interface GrantRule extends Place {
  /** Where the grant stands in the document, such as `teams.media.grants[0]`. */
  readonly label: string
  readonly role: string
  readonly permissions: readonly string[]
}

export interface DenyRule extends Place {
  readonly name: string
  readonly from: 'organization' | 'team'
  readonly permissions: readonly string[]
}

/** The rules that speak of one operation. */
export interface OperationRules {
  readonly inScope: boolean
  readonly grants: readonly GrantRule[]
  readonly denies: readonly DenyRule[]
}

/** What binds one principal: its team's policy, the organization's, and the scope of its key. */
export interface Policy {
  readonly team: string
  readonly grants: readonly GrantRule[]
  readonly denies: readonly DenyRule[]
  /** Where the key may act at all. A key without a scope has its team's whole reach. */
  readonly scope: Place
  readonly rulesFor: (operation: string) => OperationRules
  /** Says why when the policy could not be read: then nothing is allowed. */
  readonly broken: string | null
}

const EVERYWHERE = place({ buckets: ['*'], jurisdictions: ['*'] })

/** The policy of a document that can't be read: it allows nothing. */
export function brokenPolicy(team: string, reason: string): Policy {
  const rules: OperationRules = { inScope: false, grants: [], denies: [] }
  return { team, grants: [], denies: [], scope: EVERYWHERE, rulesFor: () => rules, broken: reason }
}

/** Prepares a team's part of a document, bound by the shared part and narrowed by a key's scope. */
export function compile(team: string, shared: SharedPart, part: TeamPart, scope: KeyScope | null): Policy {
  const permissionsOf = (role: string): readonly string[] =>
    BUILT_IN_ROLES.get(role) ??
    (Object.hasOwn(shared.roles, role) ? shared.roles[role]?.permissions : null) ??
    []

  const grants = part.grants.map((grant, index) => ({
    ...place(grant),
    label: `teams.${team}.grants[${index}]`,
    role: grant.role,
    permissions: permissionsOf(grant.role),
  }))
  const denyRule = (from: DenyRule['from']) => (deny: Deny) => ({
    ...place(deny),
    name: deny.name,
    from,
    permissions: deny.permissions,
  })
  const denies = [
    ...shared.organization.deny.map(denyRule('organization')),
    ...part.deny.map(denyRule('team')),
  ]
  const scopePermissions = [
    scope?.role === undefined ? undefined : permissionsOf(scope.role),
    scope?.permissions,
  ]

  const byOperation = new Map<string, OperationRules>()
  const rulesFor = (operation: string): OperationRules => {
    const known = byOperation.get(operation)
    if (known) return known
    const names = (permissions: readonly string[]) =>
      permissions.some((pattern) => matches(pattern, operation))
    const found = {
      inScope: scopePermissions.every((permissions) => permissions === undefined || names(permissions)),
      grants: grants.filter(({ permissions }) => names(permissions)),
      denies: denies.filter(({ permissions }) => names(permissions)),
    }
    byOperation.set(operation, found)
    return found
  }
  const reach = { buckets: scope?.buckets ?? ['*'], jurisdictions: scope?.jurisdictions ?? ['*' as const] }
  return { team, grants, denies, scope: scope ? place(reach) : EVERYWHERE, rulesFor, broken: null }
}

function place({ buckets, jurisdictions }: Pick<Grant, 'buckets' | 'jurisdictions'>): Place {
  const isNamed = matcher(buckets)
  const isEverywhere = buckets.includes('*')
  const named = new Set<string>(jurisdictions)
  const holdsIn = named.has('*') ? () => true : (jurisdiction: string) => named.has(jurisdiction)
  const holds = (jurisdiction: string, bucket: string | null) =>
    holdsIn(jurisdiction) && (bucket === null ? isEverywhere : isNamed(bucket))
  return { buckets, jurisdictions, holdsIn, holds }
}
