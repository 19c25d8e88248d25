import { describe, expect, test } from 'vitest'
import { KIND_NAMES } from '../../../src/policy/guardrails/index.ts'
import { parse } from '../tools.ts'
import { AT_ORGANIZATION, AT_TEAM, ofOrganization, ofTeam, optionRefusals, refusals } from './documents.ts'

/** What a guardrail must say of itself, whatever its kind. */

const rule = { name: 'rule', managedDomain: { public: false } }

describe.each([
  ['a team', ofTeam, AT_TEAM],
  ['the organization', ofOrganization, AT_ORGANIZATION],
] as const)('in %s', (_, documentOf, at) => {
  test('a guardrail of one kind is accepted', () => {
    expect(refusals(documentOf(rule))).toEqual([])
  })

  test('a key that is not known is refused by place', () => {
    expect(refusals(documentOf(rule, { ...rule, name: 'b', unless: [] }))).toEqual([`${at}/1/unless`])
  })

  test('a kind that is not known is refused by place', () => {
    expect(refusals(documentOf({ name: 'rule', encryption: {} }))).toContain(`${at}/0/encryption`)
  })

  test('a guardrail of no kind is refused', () => {
    expect(refusals(documentOf({ name: 'rule' }))).toEqual([`${at}/0`])
  })

  test('a guardrail of two kinds is refused', () => {
    expect(refusals(documentOf({ ...rule, cors: { anyOrigin: false } }))).toEqual([`${at}/0`])
  })

  test('two guardrails of one name are refused at the second', () => {
    const other = { name: 'rule', cors: { anyOrigin: false } }
    expect(refusals(documentOf(rule, { ...rule, name: 'b' }, other))).toEqual([`${at}/2/name`])
  })

  test.each(['Enforce', 'ENFORCE', 'deny', 'off', '', null, true])('mode %j is refused by place', (mode) => {
    expect(refusals(documentOf({ ...rule, mode }))).toEqual([`${at}/0/mode`])
  })

  test.each(['', 'Rule', 'a b', 'a_b', '-a', 'a'.repeat(64), 'ä', null, 1, undefined])(
    'the name %j is refused by place',
    (name) => {
      expect(refusals(documentOf({ ...rule, name }))).toEqual([`${at}/0/name`])
    },
  )
})

test.each(['enforce', 'warn', 'shadow'])('mode %s is accepted', (mode) => {
  expect(refusals(ofTeam({ ...rule, mode }))).toEqual([])
})

test('without a mode a guardrail enforces, everywhere', () => {
  const { data } = parse(ofTeam(rule))
  expect(data?.teams.team?.guardrails).toEqual([
    { ...rule, mode: 'enforce', buckets: ['*'], jurisdictions: ['*'] },
  ])
})

test.each<[string, unknown, string]>([
  ['buckets with a regular expression', { buckets: ['media-[ab]'] }, '/buckets/0'],
  ['buckets in upper case', { buckets: ['media', 'Media'] }, '/buckets/1'],
  ['no buckets', { buckets: [] }, '/buckets'],
  ['buckets as a text', { buckets: 'media' }, '/buckets'],
  ['a jurisdiction that is not there', { jurisdictions: ['eu', 'mars'] }, '/jurisdictions/1'],
  ['no jurisdictions', { jurisdictions: [] }, '/jurisdictions'],
])('%s are refused by place', (_, change, place) => {
  expect(refusals(ofTeam({ ...rule, ...Object(change) }))).toEqual([`${AT_TEAM}/0${place}`])
})

test("a team's guardrail may not take the name of the organization's", () => {
  const document = { ...ofTeam({ ...rule, name: 'b' }, rule), organization: { guardrails: [rule] } }
  expect(refusals(document)).toEqual([`${AT_TEAM}/1/name`])
})

test.each<[string, unknown, string]>([
  ['a deny of the team', { teams: { team: { deny: ['rule'], guardrails: ['rule'] } } }, `${AT_TEAM}/0/name`],
  [
    'a deny of the organization',
    { organization: { deny: ['rule'] }, teams: { team: { guardrails: ['rule'] } } },
    `${AT_TEAM}/0/name`,
  ],
  [
    'a deny of the team, by the organization',
    { organization: { guardrails: ['rule'] }, teams: { team: { deny: ['rule'] } } },
    '/teams/team/deny/0/name',
  ],
  [
    'a deny of the organization, in the organization',
    { organization: { deny: ['rule'], guardrails: ['rule'] }, teams: {} },
    `${AT_ORGANIZATION}/0/name`,
  ],
])('a guardrail may not share its name with %s', (_, names, pointer) => {
  const written = JSON.stringify({ version: 1, ...Object(names) })
    .replaceAll('"deny":["rule"]', '"deny":[{"name":"rule","permissions":["buckets.get"],"buckets":["*"]}]')
    .replaceAll('"guardrails":["rule"]', `"guardrails":[${JSON.stringify(rule)}]`)
  expect(refusals(JSON.parse(written))).toEqual([pointer])
})

test('two teams may each have a guardrail of the same name', () => {
  const part = { guardrails: [rule] }
  expect(refusals({ version: 1, teams: { one: part, two: part } })).toEqual([])
})

test.each(KIND_NAMES)('%s without any option says nothing, and is refused', (kind) => {
  expect(optionRefusals(kind, {})).not.toEqual([])
})

test.each(KIND_NAMES)('%s with an option that is not known is refused by place', (kind) => {
  expect(optionRefusals(kind, { sometimes: true })).toContain('/sometimes')
})

test.each(KIND_NAMES)('%s of anything but an object is refused', (kind) => {
  for (const options of [null, true, false, 'strict', 1, []])
    expect(optionRefusals(kind, options)).toEqual([''])
})

test('a guardrail on an operation that no kind governs cannot be written', () => {
  expect(refusals(ofTeam({ ...rule, operations: ['buckets.get'] }))).toEqual([`${AT_TEAM}/0/operations`])
})

test('all that is wrong with several guardrails is told at once', () => {
  const wrong = [
    { ...rule, mode: 'off' },
    { name: 'b', lifecycle: { minDeleteAge: '30 days' } },
  ]
  expect(refusals(ofTeam(...wrong)).toSorted()).toEqual([
    `${AT_TEAM}/0/mode`,
    `${AT_TEAM}/1/lifecycle/minDeleteAge`,
  ])
})
