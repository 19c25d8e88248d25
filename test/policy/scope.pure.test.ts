import { expect, test } from 'vitest'
import type { KeyScope } from '../../src/policy/document.ts'
import { answer, isAllowed, listingIn, on, policy } from './tools.ts'

const grants = [{ role: 'admin', buckets: ['media-*'], jurisdictions: ['default', 'eu'] }]
const scoped = (scope: KeyScope | null) => policy({ grants }, {}, scope)

const get = on('buckets.get', 'media-assets')
const remove = on('buckets.delete', 'media-assets')

test.each<[string, KeyScope | null, boolean, boolean]>([
  ['no scope', null, true, true],
  ['an empty scope', {}, true, true],
  ['a role', { role: 'viewer' }, true, false],
  ['a role wider than its team', { role: 'owner' }, true, true],
  ['a role that is not there (any more)', { role: 'gone' }, false, false],
  ['a role named as what every object inherits', { role: 'constructor' }, false, false],
  ['permissions', { permissions: ['buckets.delete'] }, false, true],
  ['a pattern of permissions', { permissions: ['buckets.*'] }, true, true],
  ['its bucket', { buckets: ['media-assets'] }, true, true],
  ['a pattern of buckets', { buckets: ['*-assets'] }, true, true],
  ['another bucket', { buckets: ['media-site'] }, false, false],
  ['its jurisdiction', { jurisdictions: ['default'] }, true, true],
  ['another jurisdiction', { jurisdictions: ['eu'] }, false, false],
  [
    'a role and permissions: both must hold',
    { role: 'viewer', permissions: ['buckets.delete'] },
    false,
    false,
  ],
  ['a role and a bucket', { role: 'viewer', buckets: ['media-assets'] }, true, false],
  ['a bucket and another jurisdiction', { buckets: ['media-assets'], jurisdictions: ['eu'] }, false, false],
])('a key with %s', (_, scope, mayGet, mayDelete) => {
  expect(isAllowed(scoped(scope), get)).toBe(mayGet)
  expect(isAllowed(scoped(scope), remove)).toBe(mayDelete)
})

test('a scope never widens: what the team may not do, no key of it may', () => {
  const wide = scoped({ role: 'owner', permissions: ['*'], buckets: ['*'], jurisdictions: ['*'] })
  expect(isAllowed(wide, on('buckets.get', 'finance-ledger'))).toBe(false)
})

test('what a scope leaves out is told as the permission that is missing', () => {
  expect(answer(scoped({ role: 'viewer' }), remove)).toMatchObject({
    allowed: false,
    code: 'forbidden',
    missing: { permission: 'buckets.delete', bucket: 'media-assets', jurisdiction: 'default' },
  })
})

test("a scope by a role of the document follows the document's permissions", () => {
  const roles = { deleter: { permissions: ['buckets.delete'] } }
  const narrowed = policy({ grants }, { roles }, { role: 'deleter' })
  expect(isAllowed(narrowed, remove)).toBe(true)
  expect(isAllowed(narrowed, get)).toBe(false)
})

test.each<[string, KeyScope, boolean]>([
  ['buckets of its team', { buckets: ['media-a'] }, true],
  ['no bucket of its team', { buckets: ['data-lake'] }, false],
  ['another jurisdiction', { jurisdictions: ['us'] }, false],
  ['permissions without the listing', { permissions: ['buckets.get'] }, false],
])('a key with a scope of %s: whether it may list', (_, scope, expected) => {
  expect(isAllowed(scoped(scope), listingIn())).toBe(expected)
})

test('an operation on the whole account is outside a scope of some buckets', () => {
  const owner = [{ role: 'owner', buckets: ['*'] }]
  const metrics = on('buckets.metrics.list', null)
  expect(isAllowed(policy({ grants: owner }, {}, { buckets: ['media-*'] }), metrics)).toBe(false)
  expect(isAllowed(policy({ grants: owner }, {}, { buckets: ['*'] }), metrics)).toBe(true)
})
