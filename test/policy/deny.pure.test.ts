import { expect, test } from 'vitest'
import { JURISDICTIONS } from '../../src/policy/document.ts'
import { answer, isAllowed, listingIn, on, policy } from './tools.ts'

const grants = [{ role: 'owner', buckets: ['*'], jurisdictions: ['*'] }]
const forever = { name: 'prod-is-forever', permissions: ['buckets.delete'], buckets: ['*-prod'] }

test("the organization's deny wins over any grant, and is named", () => {
  const bound = policy({ grants }, { organization: { deny: [forever] } })
  expect(answer(bound, on('buckets.delete', 'site-prod'))).toMatchObject({
    allowed: false,
    code: 'denied',
    rule: { name: 'prod-is-forever', from: 'organization' },
  })
})

test("a team's own deny wins over its grants, and is named", () => {
  expect(answer(policy({ grants, deny: [forever] }), on('buckets.delete', 'site-prod'))).toMatchObject({
    allowed: false,
    code: 'denied',
    rule: { name: 'prod-is-forever', from: 'team' },
  })
})

test("a team's deny binds no other team", () => {
  const free = policy({ grants }, { teams: { other: { grants: [], deny: [forever] } } })
  expect(isAllowed(free, on('buckets.delete', 'site-prod'))).toBe(true)
})

test.each([
  ['another operation', on('buckets.get', 'site-prod')],
  ['another bucket', on('buckets.delete', 'site-test')],
  ['another jurisdiction', on('buckets.delete', 'site-prod', 'us')],
])('a deny leaves %s alone', (_, facts) => {
  const bound = policy({ grants, deny: [{ ...forever, jurisdictions: ['default', 'eu'] }] })
  expect(isAllowed(bound, facts)).toBe(true)
})

test.each(JURISDICTIONS)('a deny that names no jurisdiction holds in %s', (jurisdiction) => {
  expect(isAllowed(policy({ grants, deny: [forever] }), on('buckets.delete', 'a-prod', jurisdiction))).toBe(
    false,
  )
})

test.each([
  ['is on all buckets', ['*'], false],
  ['is on some buckets', ['media-*'], true],
])('a deny of an operation on the whole account binds when it %s', (_, buckets, expected) => {
  const deny = [{ name: 'no-metrics', permissions: ['buckets.metrics.list'], buckets }]
  expect(isAllowed(policy({ grants, deny }), on('buckets.metrics.list', null))).toBe(expected)
})

test('a deny on all buckets forbids the listing, one on some leaves it', () => {
  const denying = (buckets: string[]) =>
    policy({ grants, deny: [{ name: 'no-list', permissions: ['buckets.list'], buckets }] })
  expect(isAllowed(denying(['*']), listingIn())).toBe(false)
  expect(isAllowed(denying(['media-*']), listingIn())).toBe(true)
})

test('a bucket whose listing is denied may not be listed, whatever the grant', () => {
  const deny = [{ name: 'hidden', permissions: ['buckets.list'], buckets: ['finance-*'] }]
  expect(isAllowed(policy({ grants, deny }), on('buckets.list', 'finance-ledger'))).toBe(false)
})

test('what is denied but was never granted is told as denied', () => {
  expect(answer(policy({ deny: [forever] }), on('buckets.delete', 'site-prod'))).toMatchObject({
    code: 'denied',
  })
})
