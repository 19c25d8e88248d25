import fc from 'fast-check'
import { type PolicyDocument, policyDocument } from '../../src/policy/document.ts'
import { permissionNames } from '../../src/routes/index.ts'
import { OPTIONS } from '../policy/guardrails/options.ts'

/** Random documents over few letters, so that their rules often meet. */

const joined = (...pieces: string[]) =>
  fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 4 }).map((found) => found.join(''))

export const bucketName = joined('a', 'b', '-')
export const bucketPattern = fc
  .oneof(joined('a', 'b', '-', '*'), fc.constantFrom('*', 'a*', '*b'))
  .map((pattern) => pattern.replaceAll(/\*+/g, '*'))

const buckets = fc.array(bucketPattern, { minLength: 1, maxLength: 2 })
const jurisdictions = fc.constantFrom(['default'], ['eu'], ['default', 'eu'], ['*'])
const permissions = fc.subarray(
  [
    'buckets.get',
    'buckets.*.get',
    'buckets.cors.*',
    'buckets.delete',
    'buckets.*.update',
    'buckets.list',
    '*',
  ],
  { minLength: 1, maxLength: 2 },
)
const role = fc.constantFrom('viewer', 'editor', 'admin', 'owner', 'custom')

const grants = fc.array(fc.record({ role, buckets, jurisdictions }, { requiredKeys: ['role', 'buckets'] }), {
  maxLength: 3,
})
const place = { buckets, jurisdictions }

const denies = (prefix: string) =>
  fc
    .array(fc.record({ permissions, ...place }, { requiredKeys: ['permissions', 'buckets'] }), {
      maxLength: 2,
    })
    .map((rules) => rules.map((rule, index) => ({ name: `${prefix}-deny-${index}`, ...rule })))

const guardrail = fc
  .constantFrom('cors', 'customDomains', 'lifecycle', 'managedDomain', 'locks', 'eventNotifications')
  .chain((kind) =>
    fc.tuple(
      OPTIONS[kind].map((options) => ({ [kind]: options })),
      fc.record(
        { mode: fc.constantFrom('enforce', 'enforce', 'warn', 'shadow'), ...place },
        { requiredKeys: [] },
      ),
    ),
  )
  .map(([kind, rest]) => ({ ...rest, ...kind }))
const guardrails = (prefix: string) =>
  fc
    .array(guardrail, { maxLength: 2 })
    .map((rules) => rules.map((rule, index) => ({ name: `${prefix}-${index}`, ...rule })))

const parts = fc.record({
  custom: permissions,
  orgDeny: denies('org'),
  orgGuardrails: guardrails('org'),
  grants,
  deny: denies('own'),
  guardrails: guardrails('own'),
  limits: fc.record({ buckets: fc.integer({ min: 0, max: 3 }) }, { requiredKeys: [] }),
})
type Parts = typeof parts extends fc.Arbitrary<infer T> ? T : never

function documentOf(one: Parts): PolicyDocument {
  const { custom, orgDeny, orgGuardrails, grants, deny, guardrails, limits } = one
  return policyDocument(permissionNames).parse({
    version: 1,
    roles: { custom: { permissions: custom } },
    organization: { deny: orgDeny, guardrails: orgGuardrails },
    teams: { team: { grants, deny, guardrails, limits } },
  })
}

/** A document of a team called `team`, and the same with some of its parts from another. */
export const changedDocument = fc
  .record({
    old: parts,
    other: parts,
    changed: fc.subarray(
      ['custom', 'orgDeny', 'orgGuardrails', 'grants', 'deny', 'guardrails', 'limits'] as const,
      { maxLength: 2 },
    ),
  })
  .map(({ old, other, changed }) => {
    const fromOther = Object.fromEntries(changed.map((name) => [name, other[name]]))
    return { before: documentOf(old), after: documentOf({ ...old, ...fromOther }) }
  })
