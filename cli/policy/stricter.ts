import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import { secondsOf } from '../../src/policy/age.ts'
import { type Guardrail, kindsOf, MODES, type Mode } from '../../src/policy/document.ts'
import { coversHost, parseHostPattern } from '../../src/policy/guardrails/host.ts'
import type { KindName } from '../../src/policy/guardrails/index.ts'
import { coversOrigin, parseOriginPattern } from '../../src/policy/guardrails/origin.ts'
import { matches } from '../../src/policy/match.ts'
import { isWithin } from './places.ts'

/**
 * Whether one guardrail refuses all that another refuses. Where it can't be told, the answer is no: a
 * warning that isn't given is better than a wrong one, and a diff that names too much than too little.
 */

/** Whether an option refuses at least what the same option of another refuses. Both are given. */
type AtLeast = (strict: unknown, loose: unknown) => boolean

const texts = z.array(z.string()).catch([])

/** A list of what is allowed: the stricter has nothing that the looser doesn't have too. */
const listed =
  (covers: (outer: string, inner: string) => boolean): AtLeast =>
  (strict, loose) =>
    texts.parse(strict).every((inner) => texts.parse(loose).some((outer) => covers(outer, inner)))

const among = listed((outer, inner) => outer === inner)
const globs = listed(matches)
const headers = listed((outer, inner) => matches(outer.toLowerCase(), inner.toLowerCase()))
const least =
  (rank: (value: unknown) => number): AtLeast =>
  (strict, loose) =>
    rank(strict) >= rank(loose)
const most: AtLeast = (strict, loose) => Number(strict) <= Number(loose)
const ages = least((value) => secondsOf(String(value)))
const versions = least(Number)

const hostnames = listed((outer, inner) => {
  const [wide, narrow] = [parseHostPattern(outer), parseHostPattern(inner)]
  return wide !== null && narrow !== null && coversHost(wide, narrow)
})

const covers = (outer: string, inner: string) => {
  const [wide, narrow] = [parseOriginPattern(outer), parseOriginPattern(inner)]
  return wide !== null && narrow !== null && coversOrigin(wide, narrow)
}

/** The options that can be compared, by kind. One that isn't here is compared for being the same. */
const OPTIONS: Readonly<Record<KindName, Readonly<Record<string, AtLeast>>>> = {
  bucketCreation: { locations: among, jurisdictions: among, storageClasses: among },
  lifecycle: { minDeleteAge: ages },
  cors: { methods: among, headers, maxAgeSeconds: most },
  customDomains: { hostnames, zoneIds: among, minTLS: versions, maxCount: most },
  managedDomain: {},
  eventNotifications: { queues: among, actions: among },
  locks: { minRetention: ages },
  sippy: { providers: among, sourceBuckets: globs },
}

/** Any CORS guardrail speaks of origins: without a word of them it refuses those with a `*`. */
const origins: AtLeast = (strict, loose) => {
  const { origins: narrow, anyOrigin: isNarrowOpen } = corsOrigins.parse(strict)
  const { origins: wide, anyOrigin: isWideOpen } = corsOrigins.parse(loose)
  if (isWideOpen) return true
  if (isNarrowOpen) return false
  if (!wide) return !narrow?.some((one) => one.includes('*'))
  return narrow?.every((inner) => wide.some((outer) => covers(outer, inner))) ?? false
}
const corsOrigins = z.looseObject({
  origins: z.array(z.string()).optional(),
  anyOrigin: z.boolean().default(false),
})

const optionsOf = z.record(z.string(), z.unknown())

/** Whether the options of one guardrail of a kind refuse all that those of another refuse. */
export function impliesOptions(kind: KindName, strict: unknown, loose: unknown): boolean {
  const [given, wanted] = [optionsOf.parse(strict), optionsOf.parse(loose)]
  if (kind === 'cors' && !origins(strict, loose)) return false
  return Object.entries(wanted).every(([name, value]) => {
    if (kind === 'cors' && (name === 'origins' || name === 'anyOrigin')) return true
    if (given[name] === undefined) return false
    return (OPTIONS[kind][name] ?? isDeepStrictEqual)(given[name], value)
  })
}

const strength = (mode: Mode) => -MODES.indexOf(mode)

/** Whether a guardrail does all that another does: there, to those values, and in as strong a way. */
export function implies(strict: Guardrail, loose: Guardrail): boolean {
  const [kind] = kindsOf(strict)
  return (
    kind !== undefined &&
    kindsOf(loose)[0] === kind &&
    strength(strict.mode) >= strength(loose.mode) &&
    isWithin(loose, strict) &&
    impliesOptions(kind, strict[kind], loose[kind])
  )
}
