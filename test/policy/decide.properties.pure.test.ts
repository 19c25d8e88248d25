import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Jurisdiction, PolicyDocument, TeamPart } from '../../src/policy/document.ts'
import { rounds } from '../rounds.ts'
import { bucketName, denies, document, question, scope } from './arbitraries.ts'
import { naiveAllows, type Question } from './naive.ts'
import { isAllowed, listingIn, parse, policyOf } from './tools.ts'

const runs = { numRuns: rounds(200) }

const withTeam = (document: PolicyDocument, part: Partial<TeamPart>): PolicyDocument => {
  const known = document.teams.team
  if (!known) throw new Error('the document has no team')
  return { ...document, teams: { ...document.teams, team: { ...known, ...part } } }
}

const grantsOf = (document: PolicyDocument) => document.teams.team?.grants ?? []

test('every decision is the one of a naive reading of the document', () => {
  fc.assert(
    fc.property(document, scope, question, (document, scope, question) => {
      const decided = isAllowed(policyOf(document, 'team', scope), question)
      expect(decided).toBe(naiveAllows(document, 'team', scope, question))
    }),
    { numRuns: rounds(1000) },
  )
})

test('the random questions are worth asking: many are allowed, many are not', () => {
  const asked = fc.sample(fc.tuple(document, scope, question), { numRuns: 1_000, seed: 1 })
  const allowed = asked.filter(([document, scope, question]) =>
    isAllowed(policyOf(document, 'team', scope), question),
  )
  expect(allowed.length).toBeGreaterThan(asked.length / 20)
  expect(allowed.length).toBeLessThan(asked.length / 2)
})

test('wherever any bucket may be listed, a listing is allowed', () => {
  fc.assert(
    fc.property(document, scope, question, bucketName, (document, scope, { jurisdiction }, bucket) => {
      const policy = policyOf(document, 'team', scope)
      const mayBeListed = isAllowed(policy, { operation: 'buckets.list', jurisdiction, bucket })
      expect(!mayBeListed || isAllowed(policy, listingIn(jurisdiction))).toBe(true)
    }),
    runs,
  )
})

/** Whether `after` allows this only where `before` does. */
const isNarrower = (before: boolean, after: boolean) => before || !after

test('one more deny, of the team or the organization, never allows more', () => {
  fc.assert(
    fc.property(document, scope, question, denies('more'), (document, scope, question, more) => {
      const allows = (changed: PolicyDocument) => isAllowed(policyOf(changed, 'team', scope), question)
      const rules = parse({ version: 1, teams: { team: { deny: more } } }).data?.teams.team?.deny ?? []
      const ofTeam = withTeam(document, { deny: [...(document.teams.team?.deny ?? []), ...rules] })
      const { organization } = document
      const ofAll = { ...document, organization: { ...organization, deny: [...organization.deny, ...rules] } }
      expect(isNarrower(allows(document), allows(ofTeam))).toBe(true)
      expect(isNarrower(allows(document), allows(ofAll))).toBe(true)
    }),
    runs,
  )
})

test('one grant less never allows more', () => {
  fc.assert(
    fc.property(document, scope, question, fc.nat(3), (document, scope, question, index) => {
      const fewer = withTeam(document, { grants: grantsOf(document).toSpliced(index, 1) })
      const allows = (changed: PolicyDocument) => isAllowed(policyOf(changed, 'team', scope), question)
      expect(isNarrower(allows(document), allows(fewer))).toBe(true)
    }),
    runs,
  )
})

test('a scope never allows more than its team', () => {
  fc.assert(
    fc.property(document, scope, question, (document, scope, question) => {
      const ofTeam = isAllowed(policyOf(document, 'team'), question)
      expect(isNarrower(ofTeam, isAllowed(policyOf(document, 'team', scope), question))).toBe(true)
    }),
    runs,
  )
})

test("the organization's deny of everything wins over every grant and every scope", () => {
  const name = 'closed'
  const deny = [{ name, permissions: ['*'], buckets: ['*'], jurisdictions: ['*' as const] }]
  fc.assert(
    fc.property(document, scope, question, (document, scope, question) => {
      const grants = [{ role: 'owner', buckets: ['*'], jurisdictions: ['*' as const] }]
      const organization = { ...document.organization, deny }
      const closed = policyOf({ ...withTeam(document, { grants }), organization }, 'team', scope)
      expect(isAllowed(closed, question)).toBe(false)
      expect(isAllowed(closed, listingIn(question.jurisdiction))).toBe(false)
    }),
    runs,
  )
})

test('the order of grants and rules never changes what is allowed', () => {
  fc.assert(
    fc.property(document, scope, question, (document, scope, question) => {
      const { organization, teams } = document
      const reversed = withTeam(
        { ...document, organization: { ...organization, deny: organization.deny.toReversed() } },
        { grants: grantsOf(document).toReversed(), deny: teams.team?.deny.toReversed() ?? [] },
      )
      const allows = (changed: PolicyDocument) => isAllowed(policyOf(changed, 'team', scope), question)
      expect(allows(reversed)).toBe(allows(document))
    }),
    runs,
  )
})

test("another team's part never changes what is allowed", () => {
  fc.assert(
    fc.property(document, document, question, (document, other, question) => {
      const teams = {
        ...document.teams,
        other: other.teams.other ?? { grants: [], deny: [], guardrails: [], limits: {} },
      }
      const allows = (changed: PolicyDocument) => isAllowed(policyOf(changed, 'team'), question)
      expect(allows({ ...document, teams })).toBe(allows(document))
    }),
    runs,
  )
})

test('the same question has the same answer, whatever was asked before', () => {
  fc.assert(
    fc.property(document, scope, fc.array(question), question, (document, scope, before, question) => {
      const used = policyOf(document, 'team', scope)
      for (const other of before) isAllowed(used, other)
      expect(isAllowed(used, question)).toBe(isAllowed(policyOf(document, 'team', scope), question))
    }),
    runs,
  )
})

test('any texts at all get an answer: nothing makes a decision throw', () => {
  const text = fc.string({ unit: 'binary' })
  const anything: fc.Arbitrary<Question> = fc.record({
    operation: text,
    jurisdiction: text.map((text) => text as Jurisdiction),
    bucket: fc.option(text),
  })
  fc.assert(
    fc.property(document, scope, anything, fc.boolean(), (document, scope, facts, listing) => {
      const policy = policyOf(document, 'team', scope)
      expect(typeof isAllowed(policy, { ...facts, listing })).toBe('boolean')
    }),
    { numRuns: rounds() },
  )
})
