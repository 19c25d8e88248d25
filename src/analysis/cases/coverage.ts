import type { PolicyDocument } from '../../policy/document.ts'
import { verdictsOf } from '../../policy/explain.ts'
import type { Result } from './run.ts'

/** A rule of a document, and what the cases showed of it. */
export interface RuleCoverage {
  /** Where it stands, such as `teams.media.guardrails[0]`. */
  readonly rule: string
  /** What it is called; of a grant, its role. */
  readonly name: string
  readonly kind: 'grant' | 'deny' | 'guardrail'
  /** How many cases it decided: that a grant allowed, that a deny denied, that violate a guardrail. */
  readonly decided: number
  /** How many cases a guardrail looked at and let pass; `null` of other rules. */
  readonly passed: number | null
  /** What no case shows yet; `null` when the rule is covered. */
  readonly lacks: string | null
}

/**
 * What the cases show of each rule. A grant is covered when it allowed something, a deny when it denied
 * something. A guardrail is covered only when one case violates it and another passes it: one that
 * refuses everything, or nothing, would pass half a test.
 */
export function coverageOf(document: PolicyDocument, results: readonly Result[]): RuleCoverage[] {
  const { organization, teams } = document
  return [
    ...denies(organization.deny, 'organization', results),
    ...guardrails(organization.guardrails, 'organization', results),
    ...Object.entries(teams).flatMap(([team, part]) => {
      const own = results.filter((one) => one.case.team === team)
      const at = `teams.${team}`
      return [
        ...part.grants.map(({ role }, index) => grant(`${at}.grants[${index}]`, role, own)),
        ...denies(part.deny, at, own),
        ...guardrails(part.guardrails, at, own),
      ]
    }),
  ]
}

/** Covered rules in a hundred, rounded down: 100 means all. A document without rules has nothing to cover. */
export function percentOf(covered: readonly RuleCoverage[]): number {
  if (covered.length === 0) return 100
  return Math.floor((100 * covered.filter(({ lacks }) => lacks === null).length) / covered.length)
}

function grant(rule: string, role: string, results: readonly Result[]): RuleCoverage {
  const decided = results.filter(({ decision }) => decision?.allowed && decision.grant.label === rule).length
  const lacks = decided === 0 ? 'no case is allowed by it' : null
  return { rule, name: role, kind: 'grant', decided, passed: null, lacks }
}

function denies(
  rules: PolicyDocument['organization']['deny'],
  at: string,
  results: readonly Result[],
): RuleCoverage[] {
  return rules.map(({ name }, index) => {
    const decided = results.filter(
      ({ decision }) =>
        decision?.allowed === false && decision.reason.kind === 'deny' && decision.reason.rule.name === name,
    ).length
    const lacks = decided === 0 ? 'no case is denied by it' : null
    return { rule: `${at}.deny[${index}]`, name, kind: 'deny', decided, passed: null, lacks }
  })
}

function guardrails(
  rules: PolicyDocument['organization']['guardrails'],
  at: string,
  results: readonly Result[],
): RuleCoverage[] {
  const verdicts = results.flatMap(({ decision }) => (decision ? verdictsOf(decision) : []))
  return rules.map(({ name }, index) => {
    const own = verdicts.filter(({ guardrail }) => guardrail.name === name)
    const decided = own.filter(({ violations }) => violations.length > 0).length
    const passed = own.length - decided
    const lacks = [
      ...(decided === 0 ? ['no case violates it'] : []),
      ...(passed === 0 ? ['no case passes it'] : []),
    ]
    return {
      rule: `${at}.guardrails[${index}]`,
      name,
      kind: 'guardrail',
      decided,
      passed,
      lacks: lacks.length === 0 ? null : lacks.join(', '),
    }
  })
}
