import fc from 'fast-check'
import { type KeyScope, keyScope, type PolicyDocument, policyDocument } from '../../src/policy/document.ts'
import { operationNames, permissionNames } from '../../src/routes/index.ts'
import type { Question } from './naive.ts'

/** Random policies and questions over few letters, so that rules and names often meet. */

const JURISDICTIONS = ['default', 'eu', 'us'] as const
const PERMISSIONS = [
  ...operationNames,
  '*',
  'buckets.*',
  'buckets.*.get',
  'buckets.*.list',
  'buckets.cors.*',
  'buckets.domains.*',
  '*.delete',
]

const joined = (...pieces: string[]) =>
  fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 5 }).map((found) => found.join(''))

export const bucketName = joined('a', 'b', 'ab', '-')
const glob = joined('a', 'b', 'ab', '-', '*').map((text) => text.replaceAll(/\*+/g, '*'))
export const bucketPattern = fc.oneof(glob, bucketName, fc.constant('*'))

const patterns = fc.array(bucketPattern, { minLength: 1, maxLength: 3 })
const permissions = fc.array(fc.constantFrom(...PERMISSIONS), { minLength: 1, maxLength: 3 })
const jurisdictions = fc.array(fc.constantFrom(...JURISDICTIONS, '*'), { minLength: 1, maxLength: 2 })
const role = fc.constantFrom('viewer', 'editor', 'admin', 'owner', 'custom')

const grant = fc.record({ role, buckets: patterns, jurisdictions }, { requiredKeys: ['role', 'buckets'] })
const rule = fc.record(
  { permissions, buckets: patterns, jurisdictions },
  { requiredKeys: ['permissions', 'buckets'] },
)
/** Deny rules, each of a name of its own. */
export const denies = (prefix: string) =>
  fc
    .array(rule, { maxLength: 2 })
    .map((rules) => rules.map((rule, index) => ({ name: `${prefix}-${index}`, ...rule })))

const part = fc.record({ grants: fc.array(grant, { maxLength: 4 }), deny: denies('team') })

/** A document with the teams `team` and `other`, checked like every document. */
export const document: fc.Arbitrary<PolicyDocument> = fc
  .record({
    version: fc.constant(1),
    roles: fc.record({ custom: fc.record({ permissions }) }),
    organization: fc.record({ deny: denies('organization') }),
    teams: fc.record({ team: part, other: part }),
  })
  .map((document) => policyDocument(permissionNames).parse(document))

export const scope: fc.Arbitrary<KeyScope | null> = fc.option(
  fc
    .record({ role, permissions, buckets: patterns, jurisdictions }, { requiredKeys: [] })
    .map((scope) => keyScope.parse(scope)),
)

export const question: fc.Arbitrary<Question> = fc.record({
  operation: fc.constantFrom(...operationNames),
  jurisdiction: fc.constantFrom(...JURISDICTIONS, 'fedramp'),
  bucket: fc.option(bucketName, { freq: 8 }),
})
