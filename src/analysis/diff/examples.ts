import { isSameJson } from '../../encoding/canonical-json.ts'
import type { Policy } from '../../policy/compile.ts'
import { decide, decideAccess, type Facts } from '../../policy/decide.ts'
import { kindsOf } from '../../policy/document.ts'
import { KINDS } from '../../policy/guardrails/index.ts'
import { type Outcome, outcomeOf, resultOf } from '../outcome.ts'
import { candidatesOf } from './candidates.ts'
import type { Binding } from './guardrails.ts'

/** A request that is answered differently now. */
export interface Example {
  readonly effect: 'gain' | 'loss' | 'other'
  readonly operation: string
  readonly jurisdiction: string
  readonly bucket: string | null
  readonly domain?: string
  readonly queueId?: string
  readonly body?: unknown
  readonly before: Outcome
  readonly after: Outcome
}

/** A few concrete requests that change their answer, as unlike each other as there are. */
export function examplesOf(before: Binding, after: Binding, limit: number): Example[] {
  const all = [...changedAnswers(before, after)]
  return (['gain', 'loss', 'other'] as const).flatMap((effect) =>
    unlike(
      all.filter((one) => one.effect === effect),
      limit,
    ),
  )
}

/** Requests that change their answer: of each operation in each place, at most one for each way of changing. */
export function* changedAnswers(before: Binding, after: Binding): Generator<Example> {
  const isJudgedTheSame = sameGuardrails(before, after)
  for (const { operation, requests } of candidatesOf(before, after)) {
    const seen = new Set<string>()
    for (const facts of requests) {
      const access = [before, after].map(({ policy }) => decideAccess(policy, facts).allowed)
      if (!access.includes(true) || (!access.includes(false) && isJudgedTheSame(operation))) break
      const changed = changedAnswer(before.policy, after.policy, facts)
      if (!changed || seen.has(changed.effect)) continue
      seen.add(changed.effect)
      yield changed
    }
  }
}

export function changedAnswer(before: Policy, after: Policy, facts: Facts): Example | null {
  const [old, now] = [decide(before, facts), decide(after, facts)]
  if (resultOf(old) === resultOf(now)) return null
  const effect = old.allowed === now.allowed ? 'other' : now.allowed ? 'gain' : 'loss'
  const outcomes = { before: outcomeOf(before, facts, old), after: outcomeOf(after, facts, now) }
  return { effect, ...asked(facts), ...outcomes }
}

/** Tells of an operation whether the same guardrails speak of it: then the values make no difference. */
function sameGuardrails(before: Binding, after: Binding): (operation: string) => boolean {
  const known = new Map<string, boolean>()
  return (operation) => {
    const found = known.get(operation)
    if (found !== undefined) return found
    const [old, now] = [before, after].map(({ guardrails }) =>
      guardrails.filter((one) => kindsOf(one).some((kind) => KINDS[kind].operations.includes(operation))),
    )
    const isSame = isSameJson(old, now)
    known.set(operation, isSame)
    return isSame
  }
}

function asked({ operation, jurisdiction, bucket, domain, queueId, body }: Facts) {
  return {
    operation,
    jurisdiction,
    bucket,
    ...(domain !== undefined && { domain }),
    ...(queueId !== undefined && { queueId }),
    ...(body !== undefined && { body }),
  }
}

function unlike(examples: readonly Example[], limit: number): Example[] {
  const chosen: Example[] = []
  const seen = new Map<string, number>()
  const featuresOf = ({ operation, bucket, jurisdiction, before, after }: Example) => [
    operation,
    `in ${jurisdiction}`,
    `on ${bucket}`,
    `${before.by} → ${after.by}`,
  ]
  const likeness = (one: Example) =>
    featuresOf(one).reduce((sum, feature) => sum + (seen.get(feature) ?? 0), 0)
  const left = new Set(examples)
  while (chosen.length < limit && left.size > 0) {
    const next = [...left].reduce((best, one) => (likeness(one) < likeness(best) ? one : best))
    left.delete(next)
    chosen.push(next)
    for (const feature of featuresOf(next)) seen.set(feature, (seen.get(feature) ?? 0) + 1)
  }
  return chosen
}
