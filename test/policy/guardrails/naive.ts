import type { Guardrail, KeyScope, PolicyDocument } from '../../../src/policy/document.ts'
import { naiveAllows, naiveMatches, type Question } from '../naive.ts'

/**
 * A second reading of guardrails, written to be obviously right for the few letters that the random
 * values are made of: origins by regular expression, ages in days. It shares no code with src/.
 */

export interface CorsRule {
  readonly allowed: { readonly origins: readonly string[]; readonly methods: readonly string[] }
  readonly maxAgeSeconds?: number
}

export interface LifecycleRule {
  readonly enabled: boolean
  readonly conditions: { readonly prefix?: string }
  readonly deleteObjectsTransition?: {
    readonly condition: { readonly type: string; readonly maxAge?: number }
  }
}

export type QuestionWithValues = Question &
  (
    | { readonly operation: 'buckets.cors.update'; readonly body: { readonly rules: readonly CorsRule[] } }
    | {
        readonly operation: 'buckets.lifecycle.update'
        readonly body: { readonly rules: readonly LifecycleRule[] }
      }
    | { readonly operation: 'buckets.domains.managed.update'; readonly body: { readonly enabled: boolean } }
  )

const LABEL = '[a-z0-9-]+'

const withoutUsualPort = (origin: string) =>
  origin.replace(/^(https:\/\/.*):443$/, '$1').replace(/^(http:\/\/.*):80$/, '$1')

/** An origin that any guardrail of the kind lets stand where no origins are named. */
const isPlain = (origin: string) =>
  new RegExp(`^https?://${LABEL}(\\.${LABEL})*(:[0-9]+)?$`).test(origin.toLowerCase())

export function naiveCovers(pattern: string, origin: string): boolean {
  const below = `(\\*\\.(${LABEL}\\.)*|(${LABEL}\\.)+)`
  const source = withoutUsualPort(pattern.toLowerCase())
    .replaceAll('.', '\\.')
    .replace('*\\.', () => below)
  return new RegExp(`^${source}$`).test(withoutUsualPort(origin.toLowerCase()))
}

type Cors = { origins?: string[]; anyOrigin?: boolean; methods?: string[]; maxAgeSeconds?: number }

function violatesCors({ origins, anyOrigin, methods, maxAgeSeconds }: Cors, rules: readonly CorsRule[]) {
  return rules.some(({ allowed, maxAgeSeconds: age = 0 }) => {
    const isFine = (origin: string) =>
      anyOrigin === true ||
      (origins ? origins.some((pattern) => naiveCovers(pattern, origin)) : isPlain(origin))
    return (
      !allowed.origins.every(isFine) ||
      (methods !== undefined && !allowed.methods.every((method) => methods.includes(method))) ||
      (maxAgeSeconds !== undefined && age > maxAgeSeconds)
    )
  })
}

type Lifecycle = { minDeleteAge?: string; requirePrefix?: true }

function violatesLifecycle({ minDeleteAge, requirePrefix }: Lifecycle, rules: readonly LifecycleRule[]) {
  const least = Number(minDeleteAge?.replace('d', '') ?? 0) * 24 * 60 * 60
  return rules
    .filter(({ enabled }) => enabled)
    .some(({ conditions, deleteObjectsTransition }) => {
      if (deleteObjectsTransition === undefined) return false
      const { type, maxAge = 0 } = deleteObjectsTransition.condition
      const isTooYoung = minDeleteAge !== undefined && (type === 'Date' || maxAge < least)
      return isTooYoung || (requirePrefix === true && (conditions.prefix ?? '') === '')
    })
}

/** Whether a guardrail of the document, wherever it holds, is violated by what is asked. */
export function naiveViolates(guardrail: Guardrail, { operation, body }: QuestionWithValues): boolean {
  if (operation === 'buckets.cors.update')
    return guardrail.cors !== undefined && violatesCors(Object(guardrail.cors), body.rules)
  if (operation === 'buckets.lifecycle.update')
    return guardrail.lifecycle !== undefined && violatesLifecycle(Object(guardrail.lifecycle), body.rules)
  return guardrail.managedDomain !== undefined && body.enabled
}

function holdsThere({ buckets, jurisdictions }: Guardrail, { bucket, jurisdiction }: Question): boolean {
  const isNamed = (text: string) => buckets.some((pattern) => naiveMatches(pattern, text))
  const isInPlace = jurisdictions.includes('*') || jurisdictions.some((one) => one === jurisdiction)
  return isInPlace && bucket !== null && isNamed(bucket)
}

/** The names of the enforced guardrails that a request violates. */
export function naiveViolated(document: PolicyDocument, asked: QuestionWithValues): string[] {
  return [...document.organization.guardrails, ...(document.teams.team?.guardrails ?? [])]
    .filter((guardrail) => guardrail.mode === 'enforce' && holdsThere(guardrail, asked))
    .filter((guardrail) => naiveViolates(guardrail, asked))
    .map(({ name }) => name)
}

/** Whether a request of team `team` is allowed, its values included. */
export function naiveLetsPass(
  document: PolicyDocument,
  scope: KeyScope | null,
  asked: QuestionWithValues,
): boolean {
  return naiveAllows(document, 'team', scope, asked) && naiveViolated(document, asked).length === 0
}
