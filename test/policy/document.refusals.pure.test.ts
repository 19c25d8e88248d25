import { expect, test } from 'vitest'
import { issuesOf } from '../../src/encoding/issues.ts'
import { parse } from './tools.ts'

const grant = { role: 'viewer', buckets: ['media-*'] }
const rule = { name: 'rule', permissions: ['buckets.delete'], buckets: ['*'] }
const teamWith = (part: unknown) => ({ version: 1, teams: { team: part } })
const withGrant = (change: object) => teamWith({ grants: [{ ...grant, ...change }] })
const withRule = (change: object) => ({
  version: 1,
  organization: { deny: [{ ...rule, ...change }] },
  teams: {},
})
const withRole = (name: string, role: unknown) => ({ version: 1, roles: { [name]: role }, teams: {} })

/** Where a document is refused, as JSON pointers, each once. */
function refusals(document: unknown): string[] {
  const { error } = parse(document)
  return [...new Set(issuesOf('body', error?.issues ?? []).map(({ pointer }) => pointer))]
}

test.each<[string, unknown, string]>([
  ['the document', { version: 1, teams: {}, team: {} }, '/team'],
  ['a role', withRole('mine', { permissions: ['buckets.get'], extends: 'viewer' }), '/roles/mine/extends'],
  ['the organization', { version: 1, teams: {}, organization: { grants: [] } }, '/organization/grants'],
  ['a rule of the organization', withRule({ unless: [] }), '/organization/deny/0/unless'],
  ['a team', teamWith({ allow: [] }), '/teams/team/allow'],
  ['a grant', withGrant({ until: '2027' }), '/teams/team/grants/0/until'],
  ["a team's rule", teamWith({ deny: [{ ...rule, why: '' }] }), '/teams/team/deny/0/why'],
])('a key that is not known is refused in %s', (_, document, pointer) => {
  expect(refusals(document)).toEqual([pointer])
})

test('a limit that nothing enforces is refused', () => {
  expect(refusals(teamWith({ limits: { buckets: 20, requestsPerMinute: 600 } }))).toEqual([
    '/teams/team/limits/requestsPerMinute',
  ])
})

test.each([-1, 0.5, 1_000_001, Number.NaN, Number.POSITIVE_INFINITY, '20', null, true, [20]])(
  'the limit of %j buckets is refused',
  (buckets) => {
    expect(refusals(teamWith({ limits: { buckets } }))).toEqual(['/teams/team/limits/buckets'])
  },
)

test.each([20, null, [], 'none'])('limits that are %j are refused', (limits) => {
  expect(refusals(teamWith({ limits }))).toEqual(['/teams/team/limits'])
})

test('the organization has no limits: they are of each team', () => {
  const document = { version: 1, teams: {}, organization: { limits: { buckets: 20 } } }
  expect(refusals(document)).toEqual(['/organization/limits'])
})

test.each<[string, unknown, string]>([
  ['of another version', { version: 2, teams: {} }, '/version'],
  ['with its version as a text', { version: '1', teams: {} }, '/version'],
  ['without a version', { teams: {} }, '/version'],
  ['without teams', { version: 1 }, '/teams'],
  ['with a list of teams', { version: 1, teams: [] }, '/teams'],
  ['with a team of nothing', { version: 1, teams: { team: null } }, '/teams/team'],
  ['that is null', null, ''],
  ['that is a list', [], ''],
  ['that is a text', 'version: 1', ''],
])('a document %s is refused', (_, document, pointer) => {
  expect(refusals(document)).toEqual([pointer])
})

test.each(['', 'Media', 'a.b', 'a b', "o'brien", '-a', 'a-', 'ä', 'a'.repeat(64), 'a/b', '*', 'a\n'])(
  'a team may not be named %j',
  (team) => {
    expect(parse({ version: 1, teams: { [team]: {} } }).success).toBe(false)
  },
)

test('a team called __proto__ is refused, not silently left out', () => {
  expect(parse(JSON.parse('{"version": 1, "teams": {"__proto__": {"grants": []}}}')).success).toBe(false)
})

test.each(['media', 'constructor', 'toString', '__proto__', 'Viewer', ''])(
  'a grant of the role %j, which is not there, is refused',
  (role) => {
    expect(refusals(withGrant({ role }))).toEqual(['/teams/team/grants/0/role'])
  },
)

test.each(['viewer', 'editor', 'admin', 'owner'])('the built-in role %s cannot be redefined', (role) => {
  expect(refusals(withRole(role, { permissions: ['*'] }))).toEqual([`/roles/${role}`])
})

test.each([
  'buckets.explode',
  'bucket.get',
  'buckets',
  'buckets.cors',
  'warden.explode',
  '*.*.*.*.*',
  '',
  'buckets.',
  'buckets..get',
  'buckets.get ',
  'buckets.g*',
  'buckets.(get|list)',
])('the permission %j, which fits no operation, is refused', (permission) => {
  const permissions = ['buckets.get', permission]
  expect(refusals(withRole('mine', { permissions }))).toEqual(['/roles/mine/permissions/1'])
  expect(refusals(withRule({ permissions }))).toEqual(['/organization/deny/0/permissions/1'])
  expect(refusals(teamWith({ deny: [{ ...rule, permissions }] }))).toEqual([
    '/teams/team/deny/0/permissions/1',
  ])
})

test.each([
  '',
  'media.*',
  'media-[ab]',
  'media-?',
  '^media',
  'media$',
  'a|b',
  'Media',
  'a b',
  'a/b',
  'ä*',
  'a\n',
])('buckets may not be named by %j', (pattern) => {
  const buckets = ['media', pattern]
  expect(refusals(withGrant({ buckets }))).toEqual(['/teams/team/grants/0/buckets/1'])
  expect(refusals(withRule({ buckets }))).toEqual(['/organization/deny/0/buckets/1'])
})

test('a bucket pattern longer than 64 characters is refused', () => {
  expect(refusals(withGrant({ buckets: ['a'.repeat(65)] }))).toEqual(['/teams/team/grants/0/buckets/0'])
})

test.each(['EU', 'europe', '', 'e*', null])('the jurisdiction %j is refused', (jurisdiction) => {
  expect(refusals(withGrant({ jurisdictions: ['eu', jurisdiction] }))).toEqual([
    '/teams/team/grants/0/jurisdictions/1',
  ])
})

test.each<[string, unknown, string]>([
  ['buckets of a grant', withGrant({ buckets: [] }), '/teams/team/grants/0/buckets'],
  ['jurisdictions of a grant', withGrant({ jurisdictions: [] }), '/teams/team/grants/0/jurisdictions'],
  ['buckets of a rule', withRule({ buckets: [] }), '/organization/deny/0/buckets'],
  ['permissions of a rule', withRule({ permissions: [] }), '/organization/deny/0/permissions'],
  ['permissions of a role', withRole('mine', { permissions: [] }), '/roles/mine/permissions'],
])('an empty list of %s, which says nothing, is refused', (_, document, pointer) => {
  expect(refusals(document)).toEqual([pointer])
})

test('one name for two rules of one place is refused at the second', () => {
  const other = { ...rule, permissions: ['buckets.create'] }
  expect(refusals(teamWith({ deny: [rule, other] }))).toEqual(['/teams/team/deny/1/name'])
  const organization = { deny: [rule, { ...other, name: 'else' }, other] }
  expect(refusals({ version: 1, organization, teams: {} })).toEqual(['/organization/deny/2/name'])
})

test("the name of one of the organization's rules is taken for every team", () => {
  const document = { ...teamWith({ deny: [rule] }), organization: { deny: [rule] } }
  expect(refusals(document)).toEqual(['/teams/team/deny/0/name'])
})

test('one name for a deny and a guardrail of one place is refused', () => {
  const guardrail = { name: 'rule', managedDomain: { public: false } }
  expect(refusals(teamWith({ deny: [rule], guardrails: [guardrail] }))).toEqual([
    '/teams/team/guardrails/0/name',
  ])
})

test('everything that is wrong is reported at once', () => {
  const document = teamWith({
    grants: [{ role: 'nobody', buckets: ['*'] }],
    deny: [{ ...rule, permissions: ['buckets.explode'] }],
  })
  expect(refusals(document).sort()).toEqual(['/teams/team/deny/0/permissions/0', '/teams/team/grants/0/role'])
})
