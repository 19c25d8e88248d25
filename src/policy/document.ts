import * as z from 'zod'
import { CLOSED_BY_DEFAULT } from './closed.ts'
import { KIND_NAMES, KINDS, type KindName } from './guardrails/index.ts'
import { matches } from './match.ts'
import { JURISDICTIONS } from './names.ts'
import { BUILT_IN_ROLES } from './roles.ts'

export { JURISDICTIONS, type Jurisdiction } from './names.ts'

const name = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and hyphens, at most 63')

const bucketPattern = z
  .string()
  .min(1)
  .max(64)
  .regex(
    /^(?!.*\*\*)[a-z0-9*-]+$/,
    'a bucket name, or a glob with single `*`: lower-case letters, digits, hyphens and `*`',
  )

const bucketPatterns = z.array(bucketPattern).min(1)

const jurisdictions = z
  .array(z.enum([...JURISDICTIONS, '*'], { error: `one of ${JURISDICTIONS.join(', ')} or "*"` }))
  .min(1)

const permission = z
  .string()
  .regex(
    /^(\*|[a-zA-Z]+)(\.(\*|[a-zA-Z]+))*$/,
    'an operation name, or a pattern over them such as `buckets.cors.*`',
  )

const permissions = z.array(permission).min(1)

const role = z.strictObject({ permissions })

/** Values by name. A record would pass over the key `__proto__` in silence, so it is refused first. */
function dictionary<T extends z.ZodType>(value: T) {
  return z.preprocess(
    (given, context) => {
      if (typeof given === 'object' && given !== null && Object.hasOwn(given, '__proto__'))
        context.addIssue({ code: 'custom', path: ['__proto__'], message: 'is not a name' })
      return given
    },
    z.record(name, value),
  )
}

/** A role on some buckets in some jurisdictions. Without `jurisdictions` it holds in `default` only. */
const grant = z.strictObject({
  role: name,
  buckets: bucketPatterns,
  jurisdictions: jurisdictions.default(['default']),
})

/** Why a rule is there, in a sentence or two: whom it refuses is told. */
const reason = z.string().min(1).max(500).exactOptional()
/** Whom to ask about a refusal: a channel, an address. */
const contact = z.string().min(1).max(200).exactOptional()

/** What nobody may do there. Without `jurisdictions` it holds in all of them: a deny errs on the closed side. */
const deny = z.strictObject({
  name,
  permissions,
  buckets: bucketPatterns,
  jurisdictions: jurisdictions.default(['*']),
  reason,
})

/** `enforce` refuses, `warn` lets pass and tells the caller, `shadow` only records. */
export const MODES = ['enforce', 'warn', 'shadow'] as const
export type Mode = (typeof MODES)[number]

/** A rule on values, of exactly one kind. Without `buckets` or `jurisdictions` it holds for all of them. */
const guardrail = z
  .strictObject({
    name,
    mode: z.enum(MODES).default('enforce'),
    buckets: bucketPatterns.default(['*']),
    jurisdictions: jurisdictions.default(['*']),
    reason,
    ...kindOptions(),
  })
  .refine((one) => kindsOf(one).length === 1, `is of exactly one kind: ${KIND_NAMES.join(', ')}`)

/** The kinds, each as a key that may be absent, holding the options of that kind. */
function kindOptions() {
  const keys = KIND_NAMES.map((kind) => [kind, KINDS[kind].options.exactOptional()] as const)
  return Object.fromEntries(keys) as Record<KindName, z.ZodExactOptional<z.ZodType>>
}

/** The kinds that a guardrail names. */
export function kindsOf(one: Readonly<Partial<Record<KindName, unknown>>>): KindName[] {
  return KIND_NAMES.filter((kind) => one[kind] !== undefined)
}

const organization = z.strictObject({
  deny: z.array(deny).default([]),
  guardrails: z.array(guardrail).default([]),
  /** Zones, queues and sources of Sippy may be used only where a guardrail names them. */
  closedByDefault: z.boolean().exactOptional(),
  contact,
})

/** How much a team may have. What isn't named has no limit. */
const limits = z.strictObject({ buckets: z.int().min(0).max(1_000_000).exactOptional() })

export const teamPart = z.strictObject({
  grants: z.array(grant).default([]),
  deny: z.array(deny).default([]),
  guardrails: z.array(guardrail).default([]),
  limits: limits.default({}),
  contact,
})

/** The part of a document that binds every team. */
export const sharedPart = z.strictObject({
  version: z.literal(1),
  roles: dictionary(role).default({}),
  organization: organization.default({ deny: [], guardrails: [] }),
})

const shape = z.strictObject({ ...sharedPart.shape, teams: dictionary(teamPart) })

/** What narrows a key within its team: everything it names must hold. */
export const keyScope = z.strictObject({
  role: name.exactOptional(),
  permissions: permissions.exactOptional(),
  buckets: bucketPatterns.exactOptional(),
  jurisdictions: jurisdictions.exactOptional(),
})

export type Grant = z.output<typeof grant>
export type Deny = z.output<typeof deny>
export type Guardrail = z.output<typeof guardrail>
export type TeamPart = z.output<typeof teamPart>
export type SharedPart = z.output<typeof sharedPart>
export type KeyScope = z.output<typeof keyScope>
export type PolicyDocument = z.output<typeof shape>

type Path = (string | number)[]
type Rules = Pick<TeamPart, 'deny' | 'guardrails'>

/**
 * The schema of a policy document, given the names of all operations: nothing that a policy says is
 * silently ignored, so a permission that fits no operation, a role that doesn't exist and a rule name
 * used twice are refused, as is any key that isn't known.
 */
export function policyDocument(operations: readonly string[]) {
  return shape.superRefine((document, context) => {
    const refuse = (path: Path, message: string) => context.addIssue({ code: 'custom', path, message })

    const checkPermissions = (patterns: readonly string[], path: Path) => {
      for (const [index, pattern] of patterns.entries()) {
        if (!operations.some((operation) => matches(pattern, operation)))
          refuse([...path, index], `no operation is called ${JSON.stringify(pattern)}`)
      }
    }
    const checkDenies = (rules: readonly Deny[], path: Path) => {
      for (const [index, rule] of rules.entries())
        checkPermissions(rule.permissions, [...path, index, 'permissions'])
    }
    /** A decision names its rule: among the rules that bind a team, the organization's included, a name is one rule's. */
    const checkNames = ({ deny, guardrails }: Rules, path: Path, taken: readonly string[]) => {
      const seen = new Set(taken)
      const named = [...deny.entries()].map(([index, { name }]) => ({ name, at: ['deny', index] }))
      named.push(
        ...[...guardrails.entries()].map(([index, { name }]) => ({ name, at: ['guardrails', index] })),
      )
      for (const { name, at } of named) {
        if (seen.has(name))
          refuse([...path, ...at, 'name'], `a second rule is called ${JSON.stringify(name)}`)
        seen.add(name)
      }
    }

    for (const [role, { permissions }] of Object.entries(document.roles)) {
      if (BUILT_IN_ROLES.has(role)) refuse(['roles', role], 'is built in and cannot be redefined')
      checkPermissions(permissions, ['roles', role, 'permissions'])
    }
    checkDenies(document.organization.deny, ['organization', 'deny'])
    const reserved = document.organization.closedByDefault ? [CLOSED_BY_DEFAULT] : []
    checkNames(document.organization, ['organization'], reserved)
    const bindingAll = [
      ...reserved,
      ...[...document.organization.deny, ...document.organization.guardrails].map(({ name }) => name),
    ]
    for (const [team, part] of Object.entries(document.teams)) {
      const { grants, deny } = part
      checkDenies(deny, ['teams', team, 'deny'])
      checkNames(part, ['teams', team], bindingAll)
      for (const [index, { role }] of grants.entries()) {
        if (!BUILT_IN_ROLES.has(role) && !Object.hasOwn(document.roles, role))
          refuse(['teams', team, 'grants', index, 'role'], `no role is called ${JSON.stringify(role)}`)
      }
    }
  })
}

/** JSON Schema of a policy document as it is written, for editors. What spans several places it can't say. */
export function policyJsonSchema() {
  return { title: 'r2-warden policy', ...z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' }) }
}
