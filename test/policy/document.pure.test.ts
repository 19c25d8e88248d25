import { expect, test } from 'vitest'
import { parse, policy } from './tools.ts'

const grant = { role: 'viewer', buckets: ['*'] }
const teamWith = (part: unknown) => ({ version: 1, teams: { team: part } })

/** Section 5 of the design, but for the limit on requests, which isn't enforced yet. */
const example = {
  version: 1,
  roles: { 'domain-manager': { permissions: ['buckets.list', 'buckets.get', 'buckets.domains.custom.*'] } },
  organization: {
    deny: [{ name: 'prod-is-forever', permissions: ['buckets.delete'], buckets: ['*-prod'] }],
  },
  teams: {
    media: {
      grants: [
        { role: 'admin', buckets: ['media-*'], jurisdictions: ['default', 'eu'] },
        { role: 'viewer', buckets: ['shared-assets'] },
        { role: 'domain-manager', buckets: ['*'], jurisdictions: ['*'] },
      ],
      limits: { buckets: 20 },
    },
  },
}

test('the document of the design is accepted', () => {
  expect(parse(example).error).toBeUndefined()
})

test('the smallest document has no teams', () => {
  expect(parse({ version: 1, teams: {} }).success).toBe(true)
})

test('a grant without jurisdictions holds in the default one only', () => {
  const { data } = parse(teamWith({ grants: [grant] }))
  expect(data?.teams.team?.grants[0]?.jurisdictions).toEqual(['default'])
})

test('a deny without jurisdictions holds in all of them', () => {
  const rule = (name: string) => ({ name, permissions: ['buckets.delete'], buckets: ['*'] })
  const { data } = parse({ ...teamWith({ deny: [rule('ours')] }), organization: { deny: [rule('all')] } })
  expect(data?.teams.team?.deny[0]?.jurisdictions).toEqual(['*'])
  expect(data?.organization.deny[0]?.jurisdictions).toEqual(['*'])
})

test('a document that was checked is checked again to the same', () => {
  const { data } = parse(example)
  expect(parse(data).data).toEqual(data)
})

test.each([
  ['a single letter', 'a'],
  ['digits', '2026'],
  ['hyphens inside', 'a-b--c'],
  ['63 characters', 'a'.repeat(63)],
  ['what every object inherits', 'constructor'],
])('a team may be named with %s', (_, team) => {
  const { data } = parse({ version: 1, teams: { [team]: { grants: [grant] } } })
  expect(Object.keys(data?.teams ?? {})).toEqual([team])
})

test.each(['media', 'media-*', '*-prod', '*', 'a*b*c', '-a', '2026-*', 'a'.repeat(64)])(
  'buckets may be named by %j',
  (pattern) => {
    expect(parse(teamWith({ grants: [{ role: 'viewer', buckets: [pattern] }] })).success).toBe(true)
  },
)

test.each(['*', 'buckets.*', 'buckets.get', 'buckets.*.get', 'buckets.domains.*', '*.delete'])(
  'a role may give %j',
  (permission) => {
    expect(parse({ ...example, roles: { mine: { permissions: [permission] } }, teams: {} }).success).toBe(
      true,
    )
  },
)

test('two teams may each have a rule of the same name', () => {
  const part = { deny: [{ name: 'rule', permissions: ['buckets.delete'], buckets: ['*'] }] }
  expect(parse({ version: 1, teams: { one: part, two: part } }).success).toBe(true)
})

test.each([0, 1, 20, 1_000_000])('a team may be limited to %j buckets', (buckets) => {
  expect(policy({ limits: { buckets } }).limits).toEqual({ buckets })
})

test.each([{}, { limits: {} }])('a team of %j has no limit', (part) => {
  expect(policy(part).limits).toEqual({ buckets: null })
})

test("a team's limit is no other team's", () => {
  const teams = { other: { limits: { buckets: 3 } } }
  expect(policy({}, { teams }).limits).toEqual({ buckets: null })
})
