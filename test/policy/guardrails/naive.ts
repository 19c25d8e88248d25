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

interface Condition {
  readonly type: string
  readonly maxAge?: number
}

export interface LifecycleRule {
  readonly enabled: boolean
  readonly id?: string
  readonly conditions?: { readonly prefix?: string | null }
  readonly deleteObjectsTransition?: { readonly condition?: Condition } | null
  readonly abortMultipartUploadsTransition?: { readonly condition: Condition }
  readonly storageClassTransitions?: readonly { readonly storageClass: string }[] | null
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

/** What may stand for the `*` of a pattern is a run within a label, in which what is asked for may have its own `*`. */
export function naiveCovers(pattern: string, origin: string): boolean {
  const label = '[a-z0-9*-]+'
  const below = `(\\*\\.(${label}\\.)*|(${label}\\.)+)`
  const asked = withoutUsualPort(origin.toLowerCase())
  if (!isPattern(asked)) return false
  const source = withoutUsualPort(pattern.toLowerCase())
    .replaceAll('.', '\\.')
    .replace(/^(https?:\/\/)\*\\\./, (_, scheme) => `${scheme}@`)
    .replace('*', '[a-z0-9*-]*')
    .replace('@', () => below)
  const isOfOwnKind = !asked.includes('://*.') || pattern.includes('://*.')
  return isOfOwnKind && new RegExp(`^${source}$`).test(asked)
}

/** One `*` at most, and not in the last label. */
const isPattern = (origin: string) =>
  /^https?:\/\/[a-z0-9*.-]+(:[0-9]+)?$/.test(origin) &&
  origin.split('*').length <= 2 &&
  !/\*[^.]*$/.test(origin.replace(/:[0-9]+$/, '')) &&
  !/[./]\.|\.$/.test(origin)

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

type Lifecycle = {
  minDeleteAge?: string
  requirePrefix?: true
  minPrefixLength?: number
  prefixes?: string[]
  keepDefaultAbort?: true
}

const DAY = 24 * 60 * 60
const prefixOf = ({ conditions }: LifecycleRule) => conditions?.prefix ?? ''

function violatesLifecycle(options: Lifecycle, rules: readonly LifecycleRule[]) {
  const { minDeleteAge, requirePrefix, minPrefixLength = 0, prefixes, keepDefaultAbort } = options
  const least = Number(minDeleteAge?.replace('d', '') ?? 0) * DAY
  const deletesTooMuch = rules
    .filter(({ enabled }) => enabled)
    .some((rule) => {
      const condition = rule.deleteObjectsTransition?.condition
      if (condition === undefined) return false
      const prefix = prefixOf(rule)
      const { type, maxAge = 0 } = condition
      const isTooYoung = minDeleteAge !== undefined && (type === 'Date' || maxAge < least)
      const isElsewhere = prefixes?.every((one) => prefix.slice(0, one.length) !== one) ?? false
      return (
        isTooYoung ||
        (requirePrefix === true && prefix === '') ||
        prefix.length < minPrefixLength ||
        isElsewhere
      )
    })
  return deletesTooMuch || (keepDefaultAbort === true && losesAbort(rules))
}

function losesAbort(rules: readonly LifecycleRule[]) {
  const ids = rules.flatMap(({ id }) => id ?? [])
  const isThere = rules.some((rule) => {
    const { maxAge = Number.POSITIVE_INFINITY } = rule.abortMultipartUploadsTransition?.condition ?? {}
    return rule.enabled && prefixOf(rule) === '' && maxAge <= 7 * DAY
  })
  return !isThere || new Set(ids).size < ids.length
}

type Creation = { storageClasses?: string[] }

function movesElsewhere({ storageClasses = [] }: Creation, rules: readonly LifecycleRule[]) {
  return rules.some(
    ({ enabled, storageClassTransitions }) =>
      enabled && storageClassTransitions?.some(({ storageClass }) => !storageClasses.includes(storageClass)),
  )
}

/** Whether a guardrail of the document, wherever it holds, is violated by what is asked. */
export function naiveViolates(guardrail: Guardrail, { operation, body }: QuestionWithValues): boolean {
  if (operation === 'buckets.cors.update')
    return guardrail.cors !== undefined && violatesCors(Object(guardrail.cors), body.rules)
  if (operation === 'buckets.lifecycle.update')
    return (
      (guardrail.lifecycle !== undefined && violatesLifecycle(Object(guardrail.lifecycle), body.rules)) ||
      (guardrail.bucketCreation !== undefined && movesElsewhere(Object(guardrail.bucketCreation), body.rules))
    )
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
