import { closedRules } from './closed.ts'
import {
  type Deny,
  type Guardrail,
  type KeyScope,
  kindsOf,
  type Mode,
  type SharedPart,
  type TeamPart,
} from './document.ts'
import { type Change, operationsJudged, type Violation } from './guardrails/guardrail.ts'
import { KINDS, type KindName } from './guardrails/index.ts'
import { matcher, matches } from './match.ts'
import { BUILT_IN_ROLES } from './roles.ts'

/** Some buckets in some jurisdictions, as a document writes it. */
export interface Reach {
  readonly buckets: readonly string[]
  readonly jurisdictions: readonly string[]
}

/** The same, prepared for questions. */
interface CompiledReach extends Reach {
  readonly holdsIn: (jurisdiction: string) => boolean
  /** Whether this bucket is meant; `null` is the whole account, which only `*` covers. */
  readonly holds: (jurisdiction: string, bucket: string | null) => boolean
}

export interface GrantRule extends CompiledReach {
  /** Where the grant stands in the document, such as `teams.media.grants[0]`. */
  readonly label: string
  readonly role: string
  readonly permissions: readonly string[]
}

export interface DenyRule extends CompiledReach {
  readonly name: string
  readonly from: 'organization' | 'team'
  readonly permissions: readonly string[]
  /** Why there is such a rule, for whom it refuses. */
  readonly reason: string | null
}

export interface GuardrailRule extends CompiledReach {
  readonly name: string
  readonly from: 'organization' | 'team'
  readonly mode: Mode
  readonly kind: KindName
  readonly options: unknown
  readonly reason: string | null
  readonly operations: readonly string[]
  readonly needs: (operation: string) => readonly string[]
  readonly check: (change: Change) => readonly Violation[]
}

/** The rules that speak of one operation. */
export interface OperationRules {
  readonly inScope: boolean
  readonly grants: readonly GrantRule[]
  readonly denies: readonly DenyRule[]
  readonly guardrails: readonly GuardrailRule[]
}

export interface Limits {
  /** How many buckets that it created the team may have at once; `null` is any number. */
  readonly buckets: number | null
}

/** What binds one principal: its team's policy, the organization's, and the scope of its key. */
export interface Policy {
  readonly team: string
  readonly grants: readonly GrantRule[]
  readonly denies: readonly DenyRule[]
  readonly guardrails: readonly GuardrailRule[]
  readonly limits: Limits
  /** Whom to ask about a refusal: the team's contact, or the organization's. */
  readonly contact: string | null
  /** Where the key may act at all. A key without a scope has its team's whole reach. */
  readonly scope: CompiledReach
  readonly rulesFor: (operation: string) => OperationRules
  /** Says why when the policy could not be read: then nothing is allowed. */
  readonly broken: string | null
}

const EVERYWHERE = compileReach({ buckets: ['*'], jurisdictions: ['*'] })

/** The policy of a document that can't be read: it allows nothing. */
export function brokenPolicy(team: string, reason: string): Policy {
  const rules: OperationRules = { inScope: false, grants: [], denies: [], guardrails: [] }
  return {
    team,
    grants: [],
    denies: [],
    guardrails: [],
    // No number would mean no limit, so what can't be read has one that nothing passes.
    limits: { buckets: 0 },
    contact: null,
    scope: EVERYWHERE,
    rulesFor: () => rules,
    broken: reason,
  }
}

/** Prepares a team's part of a document, bound by the shared part and narrowed by a key's scope. */
export function compile(team: string, shared: SharedPart, part: TeamPart, scope: KeyScope | null): Policy {
  const permissionsOf = (role: string): readonly string[] =>
    BUILT_IN_ROLES.get(role) ??
    (Object.hasOwn(shared.roles, role) ? shared.roles[role]?.permissions : null) ??
    []

  const grants = part.grants.map((grant, index) => ({
    ...compileReach(grant),
    label: `teams.${team}.grants[${index}]`,
    role: grant.role,
    permissions: permissionsOf(grant.role),
  }))
  const denyRule = (from: DenyRule['from']) => (deny: Deny) => ({
    ...compileReach(deny),
    name: deny.name,
    from,
    permissions: deny.permissions,
    reason: deny.reason ?? null,
  })
  const denies = [
    ...shared.organization.deny.map(denyRule('organization')),
    ...part.deny.map(denyRule('team')),
  ]
  const written = [
    ...shared.organization.guardrails.map((one) => guardrailRule('organization', one)),
    ...part.guardrails.map((one) => guardrailRule('team', one)),
  ]
  const guardrails = shared.organization.closedByDefault ? [...closedRules(written), ...written] : written
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
      guardrails: guardrails.filter(({ operations }) => operations.includes(operation)),
    }
    byOperation.set(operation, found)
    return found
  }
  const reach = { buckets: scope?.buckets ?? ['*'], jurisdictions: scope?.jurisdictions ?? ['*'] }
  return {
    team,
    grants,
    denies,
    guardrails,
    limits: { buckets: part.limits.buckets ?? null },
    contact: part.contact ?? shared.organization.contact ?? null,
    scope: scope ? compileReach(reach) : EVERYWHERE,
    rulesFor,
    broken: null,
  }
}

function guardrailRule(from: GuardrailRule['from'], guardrail: Guardrail): GuardrailRule {
  const [kind] = kindsOf(guardrail)
  if (kind === undefined) throw new TypeError(`guardrail ${guardrail.name} is of no kind`) // the schema refuses it
  const { needs, check } = KINDS[kind]
  const options = guardrail[kind]
  return {
    ...compileReach(guardrail),
    name: guardrail.name,
    from,
    mode: guardrail.mode,
    kind,
    options,
    reason: guardrail.reason ?? null,
    operations: operationsJudged(KINDS[kind], options),
    needs: (operation) => needs?.(options, operation) ?? [],
    check: (change) => check(options, change),
  }
}

function compileReach({ buckets, jurisdictions }: Reach): CompiledReach {
  const isNamed = matcher(buckets)
  const isEverywhere = buckets.includes('*')
  const named = new Set<string>(jurisdictions)
  const holdsIn = named.has('*') ? () => true : (jurisdiction: string) => named.has(jurisdiction)
  const holds = (jurisdiction: string, bucket: string | null) =>
    holdsIn(jurisdiction) && (bucket === null ? isEverywhere : isNamed(bucket))
  return { buckets, jurisdictions, holdsIn, holds }
}
