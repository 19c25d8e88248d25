import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decide } from '../../../src/policy/decide.ts'
import type { KeyScope, PolicyDocument } from '../../../src/policy/document.ts'
import { violationsOf } from '../../../src/policy/explain.ts'
import { rounds } from '../../rounds.ts'
import { scope } from '../arbitraries.ts'
import { isAllowed, policyOf } from '../tools.ts'
import { asked, document, guardrails, origin, originPattern } from './arbitraries.ts'
import { judge } from './judge.ts'
import { naiveCovers, naiveLetsPass, naiveViolated, type QuestionWithValues } from './naive.ts'

const runs = { numRuns: rounds(200) }

const allows = (document: PolicyDocument, scope: KeyScope | null, asked: QuestionWithValues) =>
  isAllowed(policyOf(document, 'team', scope), asked)

/** What the enforced guardrails found, each with its guardrail, in an order that says nothing. */
function violations(document: PolicyDocument, asked: QuestionWithValues): string[] {
  const decision = decide(policyOf(document, 'team'), asked)
  if (decision.allowed || decision.reason.kind !== 'guardrail') return []
  return violationsOf(decision.reason.verdicts, 'enforce')
    .map((one) => JSON.stringify(one))
    .toSorted()
}

const withTeam = (
  document: PolicyDocument,
  change: Partial<PolicyDocument['teams'][string]>,
): PolicyDocument => {
  const known = { grants: [], deny: [], guardrails: [], limits: {}, ...document.teams.team }
  return { ...document, teams: { ...document.teams, team: { ...known, ...change } } }
}
const guardrailsOf = ({ teams }: PolicyDocument) => teams.team?.guardrails ?? []

test('every decision on values is the one of a naive reading', () => {
  fc.assert(
    fc.property(document, scope, asked, (document, scope, asked) => {
      expect(allows(document, scope, asked)).toBe(naiveLetsPass(document, scope, asked))
    }),
    { numRuns: rounds(600) },
  )
})

test('every guardrail that refuses is one that a naive reading finds violated, and each of those is told', () => {
  fc.assert(
    fc.property(document, asked, (document, asked) => {
      const decision = decide(policyOf(document, 'team'), asked)
      fc.pre(decision.allowed || decision.reason.kind === 'guardrail')
      const verdicts = decision.allowed ? [] : 'verdicts' in decision.reason ? decision.reason.verdicts : []
      const told = violationsOf(verdicts, 'enforce').map(({ guardrail }) => guardrail)
      expect([...new Set(told)]).toEqual(naiveViolated(document, asked))
    }),
    runs,
  )
})

test('an origin pattern covers what a naive reading says', () => {
  fc.assert(
    fc.property(originPattern, origin, (pattern, origin) => {
      const body = { rules: [{ allowed: { origins: [origin], methods: [] } }] }
      const isCovered = judge('cors', { origins: [pattern] }, { body }).length === 0
      expect(isCovered).toBe(naiveCovers(pattern, origin))
    }),
    { numRuns: rounds(600) },
  )
})

test('the random values are worth judging: many pass where a guardrail looked, many do not', () => {
  const sample = fc.sample(fc.tuple(document, asked), { numRuns: 1_000, seed: 1 })
  const judged = sample.map(([document, asked]) => decide(policyOf(document, 'team'), asked))
  const refused = judged.filter((one) => !one.allowed && one.reason.kind === 'guardrail')
  const passed = judged.filter((one) => one.allowed && one.verdicts.length > 0)
  expect(refused.length).toBeGreaterThan(sample.length / 40)
  expect(passed.length).toBeGreaterThan(sample.length / 40)
})

test('one guardrail more, of the team or the organization, never allows more', () => {
  fc.assert(
    fc.property(document, scope, asked, guardrails('more'), (document, scope, asked, more) => {
      const { organization } = document
      const ofAll = {
        ...document,
        organization: { ...organization, guardrails: [...organization.guardrails, ...more] },
      }
      const ofTeam = withTeam(document, { guardrails: [...guardrailsOf(document), ...more] })
      const before = allows(document, scope, asked)
      expect([ofAll, ofTeam].every((after) => before || !allows(after, scope, asked))).toBe(true)
    }),
    runs,
  )
})

test('one grant less never allows more, whatever the guardrails say', () => {
  fc.assert(
    fc.property(document, scope, asked, fc.nat(3), (document, scope, asked, index) => {
      const fewer = withTeam(document, { grants: (document.teams.team?.grants ?? []).toSpliced(index, 1) })
      expect(allows(document, scope, asked) || !allows(fewer, scope, asked)).toBe(true)
    }),
    runs,
  )
})

test("the organization's deny wins, and no guardrail is asked", () => {
  const deny = [{ name: 'closed', permissions: ['*'], buckets: ['*'], jurisdictions: ['*' as const] }]
  fc.assert(
    fc.property(document, scope, asked, (document, scope, asked) => {
      const closed = { ...document, organization: { ...document.organization, deny } }
      const decision = decide(policyOf(closed, 'team', scope), asked)
      expect(decision).toMatchObject({ allowed: false, reason: { kind: 'deny', rule: { name: 'closed' } } })
    }),
    runs,
  )
})

test('the order of rules changes neither the decision nor the violations', () => {
  fc.assert(
    fc.property(document, asked, (document, asked) => {
      const { organization, teams } = document
      const reversed = withTeam(
        {
          ...document,
          organization: {
            deny: organization.deny.toReversed(),
            guardrails: organization.guardrails.toReversed(),
          },
        },
        {
          grants: teams.team?.grants.toReversed() ?? [],
          deny: teams.team?.deny.toReversed() ?? [],
          guardrails: guardrailsOf(document).toReversed(),
        },
      )
      expect(allows(reversed, null, asked)).toBe(allows(document, null, asked))
      expect(violations(reversed, asked)).toEqual(violations(document, asked))
    }),
    runs,
  )
})

test('a guardrail of the team does the same as one of the organization', () => {
  fc.assert(
    fc.property(document, asked, (document, asked) => {
      const moved = withTeam(
        {
          ...document,
          organization: {
            ...document.organization,
            guardrails: [...document.organization.guardrails, ...guardrailsOf(document)],
          },
        },
        { guardrails: [] },
      )
      expect(violations(moved, asked)).toEqual(violations(document, asked))
    }),
    runs,
  )
})

test('warn and shadow refuse nothing', () => {
  fc.assert(
    fc.property(document, scope, asked, (document, scope, asked) => {
      const softened = (list: readonly PolicyDocument['organization']['guardrails'][number][]) =>
        list.map((one) => (one.mode === 'enforce' ? { ...one, mode: 'warn' as const } : one))
      const { organization } = document
      const soft = withTeam(
        { ...document, organization: { ...organization, guardrails: softened(organization.guardrails) } },
        { guardrails: softened(guardrailsOf(document)) },
      )
      const free = withTeam(
        { ...document, organization: { ...organization, guardrails: [] } },
        { guardrails: [] },
      )
      expect(allows(soft, scope, asked)).toBe(allows(free, scope, asked))
    }),
    runs,
  )
})
