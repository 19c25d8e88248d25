import { expect, test } from 'vitest'
import { JURISDICTIONS, type Jurisdiction } from '../../src/policy/document.ts'
import { operationNames } from '../../src/routes/index.ts'
import { answer, isAllowed, listingIn, on, policy } from './tools.ts'

const admin = { role: 'admin', buckets: ['media-*'] }
const everywhere = { role: 'owner', buckets: ['*'], jurisdictions: ['*'] }

test('a team without grants may do nothing', () => {
  const nothing = policy({})
  const allowed = operationNames.filter((operation) => isAllowed(nothing, on(operation, 'media-assets')))
  expect(allowed).toEqual([])
})

test('what is allowed names the grant that allows it', () => {
  const given = policy({ grants: [{ role: 'viewer', buckets: ['shared'] }, admin] })
  expect(answer(given, on('buckets.create', 'media-launch'))).toMatchObject({
    allowed: true,
    grant: 'teams.team.grants[1]',
    role: 'admin',
  })
})

test('what nothing grants names the permission that is missing, and where', () => {
  expect(answer(policy({ grants: [admin] }), on('buckets.get', 'finance-ledger', 'eu'))).toMatchObject({
    allowed: false,
    code: 'forbidden',
    missing: { permission: 'buckets.get', bucket: 'finance-ledger', jurisdiction: 'eu' },
  })
})

test.each<[string, string, string, Jurisdiction, boolean]>([
  ['an operation outside the role', 'buckets.delete', 'shared', 'default', false],
  ['an operation of the role', 'buckets.get', 'shared', 'default', true],
  ['another bucket', 'buckets.get', 'shared-2', 'default', false],
  ['another jurisdiction', 'buckets.get', 'shared', 'eu', false],
  ['an operation that nobody named', 'buckets.explode', 'shared', 'default', false],
  ['an operation without a name', '', 'shared', 'default', false],
  ['a bucket without a name', 'buckets.get', '', 'default', false],
])('a grant on one bucket, asked for %s', (_, operation, bucket, jurisdiction, expected) => {
  const given = policy({ grants: [{ role: 'viewer', buckets: ['shared'] }] })
  expect(isAllowed(given, on(operation, bucket, jurisdiction))).toBe(expected)
})

test('a role of the document gives what it names, and nothing else', () => {
  const roles = { 'domain-manager': { permissions: ['buckets.get', 'buckets.domains.custom.*'] } }
  const given = policy({ grants: [{ role: 'domain-manager', buckets: ['*'] }] }, { roles })
  expect(operationNames.filter((operation) => isAllowed(given, on(operation, 'assets'))).sort()).toEqual([
    'buckets.domains.custom.create',
    'buckets.domains.custom.delete',
    'buckets.domains.custom.get',
    'buckets.domains.custom.list',
    'buckets.domains.custom.update',
    'buckets.get',
  ])
})

test('grants of one team give nothing to another', () => {
  const given = policy({}, { teams: { rich: { grants: [everywhere] } } })
  expect(isAllowed(given, on('buckets.get', 'assets'))).toBe(false)
})

test.each<[string, object, string[]]>([
  ['that names none', {}, ['default']],
  ['in named jurisdictions', { jurisdictions: ['eu', 'us'] }, ['eu', 'us']],
  ['in all of them', { jurisdictions: ['*'] }, [...JURISDICTIONS]],
])('a grant %s holds in these jurisdictions only', (_, named, expected) => {
  const given = policy({ grants: [{ ...admin, ...named }] })
  const holdsIn = JURISDICTIONS.filter((place) => isAllowed(given, on('buckets.get', 'media-assets', place)))
  expect(holdsIn).toEqual(expected)
})

test('an operation on the whole account needs a grant on all buckets', () => {
  const metrics = on('buckets.metrics.list', null)
  expect(isAllowed(policy({ grants: [{ role: 'owner', buckets: ['a*', '*b'] }] }), metrics)).toBe(false)
  expect(isAllowed(policy({ grants: [{ role: 'viewer', buckets: ['*'] }] }), metrics)).toBe(true)
})

test('a listing is allowed where any bucket could be seen', () => {
  const given = policy({ grants: [{ role: 'viewer', buckets: ['a', 'media-*'], jurisdictions: ['eu'] }] })
  expect(isAllowed(given, listingIn('eu'))).toBe(true)
  expect(isAllowed(given, listingIn('default'))).toBe(false)
})

test('a listing needs the permission to list, not just to get', () => {
  const roles = { getter: { permissions: ['buckets.get'] } }
  expect(isAllowed(policy({ grants: [{ role: 'getter', buckets: ['*'] }] }, { roles }), listingIn())).toBe(
    false,
  )
})
