import type { Policy } from '../../policy/compile.ts'
import type { Facts } from '../../policy/decide.ts'
import type { Sample } from '../../policy/guardrails/samples.ts'
import { matches } from '../../policy/match.ts'
import { JURISDICTIONS, type Jurisdiction } from '../../policy/names.ts'
import { operationNamed, permissionNames } from '../../routes/index.ts'
import { common, isBucketName, namesUnder } from '../patterns.ts'
import { isAccountWide } from '../permissions.ts'
import { simulate } from '../simulate.ts'
import type { Binding } from './guardrails.ts'
import { samplesOf } from './samples.ts'

/** The requests for one operation in one place: the same but for the values. */
export interface Candidates {
  readonly operation: string
  readonly requests: Iterable<Facts>
}

/** Requests that two policies could answer differently: every operation, wherever their rules differ in place. */
export function* candidatesOf(before: Binding, after: Binding): Generator<Candidates> {
  const rules = [before, after].flatMap(({ policy }) => placesOf(policy))
  const names = bucketNames([...new Set(rules.flatMap(({ buckets }) => buckets))])
  const jurisdictions = jurisdictionsIn(new Set(rules.flatMap((rule) => rule.jurisdictions)))
  const guardrails = [...before.guardrails, ...after.guardrails]
  for (const operation of permissionNames) {
    const isOnBucket = !isAccountWide(operation) && operationNamed(operation)?.target !== 'listing'
    const samples = samplesOf(operation, guardrails).flatMap((sample) => factsOf(operation, sample) ?? [])
    for (const jurisdiction of isAccountWide(operation) ? ACCOUNT : jurisdictions)
      for (const bucket of isOnBucket ? names : [null])
        yield { operation, requests: samples.map((facts) => inPlace(facts, jurisdiction, bucket)) }
  }
}

const ANYWHERE = 'example'

/** The account is in none; facts call that `default`. */
const ACCOUNT = ['default'] as const

/** What is asked with a value, in some place; `null` for a value that the operation refuses. */
function factsOf(operation: string, { current, body, ...rest }: Sample): Facts | null {
  const declared = operationNamed(operation)
  const sent = declared?.bucket ? { ...Object(body), name: ANYWHERE } : body
  const { facts } = simulate({
    operation,
    jurisdiction: 'default',
    ...rest,
    ...(declared?.path.includes('/:bucket') && { bucket: ANYWHERE }),
    ...(sent !== undefined && { body: sent }),
  })
  return facts && current ? { ...facts, current } : facts
}

function inPlace(facts: Facts, jurisdiction: Jurisdiction, bucket: string | null): Facts {
  const names = operationNamed(facts.operation)?.bucket !== undefined
  return { ...facts, jurisdiction, bucket, ...(names && { body: { ...Object(facts.body), name: bucket } }) }
}

const placesOf = ({ grants, denies, guardrails }: Policy) => [...grants, ...denies, ...guardrails]

/** A name for each way in which patterns can hold together: names under the same patterns are judged the same. */
function bucketNames(patterns: readonly string[]): string[] {
  const pairs = patterns.flatMap((one, index) =>
    patterns.slice(index + 1).flatMap((other) => common(one, other) ?? []),
  )
  const names = [...patterns.flatMap(namesUnder), ...pairs.filter(isBucketName)]
  const byPatterns = Map.groupBy(names, (name) =>
    patterns.map((pattern) => Number(matches(pattern, name))).join(''),
  )
  return [...byPatterns.values()].flatMap(([first]) => first ?? [])
}

/** Those that are named and, where `*` stands for the others, one of them. */
function jurisdictionsIn(named: ReadonlySet<string>): Jurisdiction[] {
  const other = JURISDICTIONS.find((one) => !named.has(one) && one !== 'default')
  return JURISDICTIONS.filter(
    (one) => named.has(one) || one === 'default' || (named.has('*') && one === other),
  )
}
