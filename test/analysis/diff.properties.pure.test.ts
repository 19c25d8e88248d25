import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffPolicies } from '../../src/analysis/diff/diff.ts'
import { changedAnswer, changedAnswers } from '../../src/analysis/diff/examples.ts'
import { guardrailsOf } from '../../src/analysis/diff/guardrails.ts'
import { samplesOf } from '../../src/analysis/diff/samples.ts'
import { isAccountWide } from '../../src/analysis/permissions.ts'
import { policyOfTeam } from '../../src/analysis/team-policy.ts'
import type { Facts } from '../../src/policy/decide.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'
import { permissionNames } from '../../src/routes/index.ts'
import { rounds } from '../rounds.ts'
import { bucketName, changedDocument } from './arbitraries.ts'

const boundIn = (document: PolicyDocument) => ({
  guardrails: guardrailsOf(document, 'team'),
  policy: policyOfTeam(document, 'team'),
})

function diffOf(before: PolicyDocument, after: PolicyDocument) {
  const found = diffPolicies(before, after, 2).teams.find(({ team }) => team === 'team')
  return { gains: found?.gains ?? [], loses: found?.loses ?? [], examples: found?.examples ?? [] }
}

/** Every operation, with values on both sides of every guardrail, on some names that diff did not choose. */
function requests(before: PolicyDocument, after: PolicyDocument, names: readonly string[]): Facts[] {
  const guardrails = [...boundIn(before).guardrails, ...boundIn(after).guardrails]
  return permissionNames.flatMap((operation) => {
    const listing = operation === 'buckets.list'
    const buckets = listing || isAccountWide(operation) ? [null] : names
    return samplesOf(operation, guardrails).flatMap((sample) =>
      (['default', 'eu', 'us'] as const).flatMap((jurisdiction) =>
        buckets.map((bucket) => ({ operation, jurisdiction, bucket, listing, ...sample })),
      ),
    )
  })
}

function effects(before: PolicyDocument, after: PolicyDocument, names: readonly string[]): Set<string> {
  const [old, now] = [boundIn(before), boundIn(after)]
  const own = [...changedAnswers(old, now)].map(({ effect }) => effect)
  const others = requests(before, after, names).flatMap(
    (facts) => changedAnswer(old.policy, now.policy, facts)?.effect ?? [],
  )
  return new Set([...own, ...others])
}

const names = fc.array(bucketName, { minLength: 1, maxLength: 3 })

describe('what diff says of a team holds for every request', () => {
  test('a team that gains nothing is denied whatever it was denied', () => {
    fc.assert(
      fc.property(changedDocument, names, ({ before, after }, names) => {
        fc.pre(diffOf(before, after).gains.length === 0)
        expect(effects(before, after, names)).not.toContain('gain')
      }),
      { numRuns: rounds(30) },
    )
  })

  test('a team that loses nothing is allowed whatever it was allowed', () => {
    fc.assert(
      fc.property(changedDocument, names, ({ before, after }, names) => {
        fc.pre(diffOf(before, after).loses.length === 0)
        expect(effects(before, after, names)).not.toContain('loss')
      }),
      { numRuns: rounds(30) },
    )
  })

  test('what one direction gains, the other loses', () => {
    fc.assert(
      fc.property(changedDocument, ({ before, after }) => {
        const there = diffOf(before, after)
        const back = diffOf(after, before)
        const rules = (changes: typeof there.gains) =>
          changes.map(({ kind, rule, operations, buckets, jurisdictions }) => ({
            kind,
            rule,
            operations,
            buckets,
            jurisdictions,
          }))
        expect(rules(back.loses)).toEqual(rules(there.gains))
      }),
      { numRuns: rounds(20) },
    )
  })

  test('an example of a gain is denied before and allowed after', () => {
    fc.assert(
      fc.property(changedDocument, ({ before, after }) => {
        for (const { effect, before: old, after: now } of diffOf(before, after).examples) {
          if (effect === 'gain')
            expect([old.result, now.result]).toEqual(['deny', expect.stringMatching(/allow|warn/)])
          if (effect === 'loss')
            expect([old.result, now.result]).toEqual([expect.stringMatching(/allow|warn/), 'deny'])
        }
      }),
      { numRuns: rounds(20) },
    )
  })

  test('a document and itself differ in nothing, whatever the order of its rules', () => {
    fc.assert(
      fc.property(changedDocument, ({ before }) => {
        const reversed = structuredClone(before)
        for (const part of [reversed.organization, ...Object.values(reversed.teams)]) {
          part.deny.reverse()
          part.guardrails.reverse()
        }
        for (const { grants } of Object.values(reversed.teams)) grants.reverse()
        expect(diffPolicies(before, reversed, 3)).toEqual({ same: true, teams: [], roles: [] })
      }),
      { numRuns: rounds(20) },
    )
  })
})
