import { isSameJson } from '../../encoding/canonical-json.ts'
import type { Policy } from '../../policy/compile.ts'
import { type Guardrail, kindsOf, type PolicyDocument } from '../../policy/document.ts'
import { operationsJudged } from '../../policy/guardrails/guardrail.ts'
import { KINDS } from '../../policy/guardrails/index.ts'
import { meet } from '../reach.ts'
import { implies } from '../stricter.ts'
import { brief } from '../words.ts'
import type { Change } from './change.ts'

/** What binds a team: the guardrails of a document, and the grants that they bear on. */
export interface Binding {
  readonly guardrails: readonly Guardrail[]
  readonly policy: Policy
}

export function guardrailsOf({ organization, teams }: PolicyDocument, team: string): Guardrail[] {
  const own = Object.hasOwn(teams, team) ? teams[team] : undefined
  return [...organization.guardrails, ...(own?.guardrails ?? [])]
}

export interface GuardrailChanges {
  readonly gains: readonly Change[]
  readonly loses: readonly Change[]
  /** Changes that refuse and allow the same as before: of what only warns or records, or of names. */
  readonly also: readonly string[]
}

/** What changes in the guardrails of a team, as far as it has grants that they bear on. */
export function guardrailChanges(before: Binding, after: Binding): GuardrailChanges {
  const lifted = loosened(before, after)
  const put = loosened(after, before)
  const gains = lifted.map((old) => {
    const now = namedAs(old, after)
    if (!now) return change(old, `guardrail ${titleOf(old)} is gone`)
    return change(
      old,
      `guardrail ${titleOf(now)} is ${put.includes(now) ? 'other' : 'looser'}: ${differences(old, now)}`,
    )
  })
  const loses = put.map((now) => {
    const old = namedAs(now, before)
    if (!old) return change(now, `guardrail ${titleOf(now)} is new: ${brief(optionsOf(now), 200)}`)
    return change(
      now,
      `guardrail ${titleOf(now)} is ${lifted.includes(old) ? 'other' : 'stricter'}: ${differences(old, now)}`,
    )
  })
  const told = new Set([...lifted, ...put].map(({ name }) => name))
  return {
    gains,
    loses,
    also: otherwise(before, after)
      .filter(({ name }) => !told.has(name))
      .map(({ text }) => text),
  }
}

/** Guardrails that refused what both documents grant, and whose refusals nothing in `after` makes any more. */
function loosened(before: Binding, after: Binding): Guardrail[] {
  const enforcing = after.guardrails.filter(({ mode }) => mode === 'enforce')
  return before.guardrails.filter(
    (old) =>
      old.mode === 'enforce' &&
      bearsOn(old, before).some((operation) => bearsOn(old, after).includes(operation)) &&
      !enforcing.some((now) => implies(now, old)),
  )
}

function otherwise(before: Binding, after: Binding): { name: string; text: string }[] {
  const isFelt = (one: Guardrail) => [before, after].some((bound) => bearsOn(one, bound).length > 0)
  const changed = before.guardrails.flatMap((old) => {
    const now = namedAs(old, after)
    if ((now && isSameJson(old, now)) || !isFelt(old)) return []
    return {
      name: old.name,
      text: `guardrail ${now ? `${titleOf(now)} is now: ${differences(old, now)}` : `${titleOf(old)} is gone`}`,
    }
  })
  const added = after.guardrails
    .filter((now) => !namedAs(now, before) && isFelt(now))
    .map((now) => ({
      name: now.name,
      text: `guardrail ${titleOf(now)} is new: ${brief(optionsOf(now), 200)}`,
    }))
  return [...changed, ...added]
}

const namedAs = ({ name }: Guardrail, { guardrails }: Binding) => guardrails.find((one) => one.name === name)

/** What a guardrail judges and the team has a grant of, where it holds. */
function bearsOn(guardrail: Guardrail, { policy }: Binding): string[] {
  return operationsOf(guardrail).filter((operation) =>
    policy.rulesFor(operation).grants.some((grant) => meet(grant, guardrail)),
  )
}

function change(guardrail: Guardrail, text: string): Change {
  const { name, buckets, jurisdictions } = guardrail
  return {
    kind: 'guardrail',
    rule: name,
    operations: operationsOf(guardrail),
    buckets,
    jurisdictions,
    besides: [],
    text,
  }
}

const operationsOf = (guardrail: Guardrail) =>
  kindsOf(guardrail).flatMap((kind) => operationsJudged(KINDS[kind], guardrail[kind]))
const titleOf = (guardrail: Guardrail) => `${guardrail.name} (${kindsOf(guardrail)[0]}, ${guardrail.mode})`

function optionsOf(guardrail: Guardrail): Record<string, unknown> {
  const [kind] = kindsOf(guardrail)
  return { ...(kind && Object(guardrail[kind])) }
}

/** `minTLS "1.2" → "1.1"`, for each thing that differs. */
function differences(old: Guardrail, now: Guardrail): string {
  const flat = (one: Guardrail): Record<string, unknown> => {
    const { mode, buckets, jurisdictions } = one
    return {
      kind: kindsOf(one)[0],
      ...optionsOf(one),
      mode,
      on: buckets,
      in: jurisdictions,
    }
  }
  const [left, right] = [flat(old), flat(now)]
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .filter((name) => !isSameJson(left[name], right[name]))
    .map((name) => `${name} ${brief(left[name])} → ${brief(right[name])}`)
    .join('; ')
}
