import * as z from 'zod'
import { matches } from './match.ts'
import { BUILT_IN_ROLES } from './roles.ts'

/** Where a bucket's objects are guaranteed to be stored. (jurisdiction, name) identifies a bucket. */
export const JURISDICTIONS = ['default', 'eu', 'us', 'fedramp', 'fedramp-high'] as const
export type Jurisdiction = (typeof JURISDICTIONS)[number]

const name = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and hyphens, at most 63')

const bucketPattern = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-z0-9*-]+$/, 'a bucket name, or a glob with `*`: lower-case letters, digits, hyphens and `*`')

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

/** A role on some buckets in some jurisdictions. Without `jurisdictions` it holds in `default` only. */
const grant = z.strictObject({
  role: name,
  buckets: bucketPatterns,
  jurisdictions: jurisdictions.default(['default']),
})

/** What nobody may do there. Without `jurisdictions` it holds in all of them: a deny errs on the closed side. */
const deny = z.strictObject({
  name,
  permissions,
  buckets: bucketPatterns,
  jurisdictions: jurisdictions.default(['*']),
})

const organization = z.strictObject({ deny: z.array(deny).default([]) })

export const teamPart = z.strictObject({
  grants: z.array(grant).default([]),
  deny: z.array(deny).default([]),
})

/** The part of a document that binds every team. */
export const sharedPart = z.strictObject({
  version: z.literal(1),
  roles: z.record(name, role).default({}),
  organization: organization.default({ deny: [] }),
})

const shape = z.strictObject({ ...sharedPart.shape, teams: z.record(name, teamPart) })

/** What narrows a key within its team: everything it names must hold. */
export const keyScope = z.strictObject({
  role: name.exactOptional(),
  permissions: permissions.exactOptional(),
  buckets: bucketPatterns.exactOptional(),
  jurisdictions: jurisdictions.exactOptional(),
})

export type Grant = z.output<typeof grant>
export type Deny = z.output<typeof deny>
export type TeamPart = z.output<typeof teamPart>
export type SharedPart = z.output<typeof sharedPart>
export type KeyScope = z.output<typeof keyScope>
export type PolicyDocument = z.output<typeof shape>

type Path = (string | number)[]

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
      for (const [index, rule] of rules.entries()) {
        checkPermissions(rule.permissions, [...path, index, 'permissions'])
        if (rules.findIndex((other) => other.name === rule.name) !== index)
          refuse([...path, index, 'name'], `a second rule is called ${JSON.stringify(rule.name)}`)
      }
    }

    for (const [role, { permissions }] of Object.entries(document.roles)) {
      if (BUILT_IN_ROLES.has(role)) refuse(['roles', role], 'is built in and cannot be redefined')
      checkPermissions(permissions, ['roles', role, 'permissions'])
    }
    checkDenies(document.organization.deny, ['organization', 'deny'])
    for (const [team, { grants, deny }] of Object.entries(document.teams)) {
      checkDenies(deny, ['teams', team, 'deny'])
      for (const [index, { role }] of grants.entries()) {
        if (!BUILT_IN_ROLES.has(role) && !Object.hasOwn(document.roles, role))
          refuse(['teams', team, 'grants', index, 'role'], `no role is called ${JSON.stringify(role)}`)
      }
    }
  })
}
