import * as z from 'zod'
import { age, ageInWords, ageWithSeconds, secondsOf } from '../age.ts'
import { pointerTo } from '../pointer.ts'
import { ages, compareOptions, least, listed, same } from './compare.ts'
import { kind, optional, optionalList, reading, type Violation } from './guardrail.ts'
import { repeatedIds } from './repeated-ids.ts'
import { secondsAround, unique } from './samples.ts'

const UPDATE = 'buckets.lifecycle.update'

const condition = z.looseObject({ type: z.string(), maxAge: optional(z.number()) })
const transition = optional(z.looseObject({ condition: optional(condition) }))

const asked = z.looseObject({
  rules: optionalList(
    z.looseObject({
      id: optional(z.string()),
      enabled: z.boolean(),
      conditions: optional(z.looseObject({ prefix: z.string().nullish() })),
      deleteObjectsTransition: transition,
      abortMultipartUploadsTransition: transition,
    }),
  ),
})
type Rule = z.output<typeof asked>['rules'][number]
const EXPECTED =
  '{"rules": [{"id": "…", "enabled": true, "conditions": {"prefix": "…"}, "deleteObjectsTransition": {"condition": {"type": "Age", "maxAge": 2592000}}}]}'

const options = z
  .strictObject({
    minDeleteAge: age.exactOptional(),
    requirePrefix: z.literal(true).exactOptional(),
    minPrefixLength: z.int().min(1).max(1024).exactOptional(),
    prefixes: z.array(z.string().min(1).max(1024)).exactOptional(),
    keepDefaultAbort: z.literal(true).exactOptional(),
  })
  .refine(
    (options) => Object.keys(options).length > 0,
    'says nothing: name minDeleteAge, requirePrefix, minPrefixLength, prefixes or keepDefaultAbort',
  )
type Options = z.output<typeof options>

/**
 * What may be deleted by lifecycle rules. A rule that is not enabled deletes nothing. A rule with a date deletes every
 * object from that day on, however young: it is never old enough for `minDeleteAge`.
 */
export const lifecycle = kind({
  options,
  ways: {
    minDeleteAge: [UPDATE],
    requirePrefix: [UPDATE],
    minPrefixLength: [UPDATE],
    prefixes: [UPDATE],
    keepDefaultAbort: [UPDATE],
  },
  check: (options, { body }) =>
    reading(asked, body, EXPECTED, ({ rules }) => [
      ...rules.flatMap((rule, index) => deletionFaults(options, rule, index)),
      ...(options.keepDefaultAbort ? abortFaults(rules) : []),
    ]),
  compare: (strict, loose) =>
    comparePrefixes(strict, loose) &&
    compareOptions<Pick<Options, 'minDeleteAge' | 'prefixes' | 'keepDefaultAbort'>>(strict, loose, {
      minDeleteAge: ages,
      prefixes: listed((outer, inner) => inner.startsWith(outer)),
      keepDefaultAbort: same,
    }),
  samples(_operation, all) {
    const lengths = unique(all.flatMap(({ minPrefixLength }) => minPrefixLength ?? []))
    const named = unique(all.flatMap(({ prefixes = [] }) => prefixes))
    const prefixes = [
      '',
      'tmp/',
      ...named,
      ...lengths.flatMap((one) => ['x'.repeat(one - 1), 'x'.repeat(one)]),
    ]
    const ages = secondsAround(all.flatMap(({ minDeleteAge }) => minDeleteAge ?? []))
    const isAbortKept = all.some(({ keepDefaultAbort }) => keepDefaultAbort)
    return unique(prefixes).flatMap((prefix) =>
      ages.flatMap((maxAge) => {
        const expire = {
          id: 'expire',
          enabled: true,
          conditions: { prefix },
          deleteObjectsTransition: { condition: { type: 'Age', maxAge } },
        }
        return [[expire], ...(isAbortKept ? [[DEFAULT_ABORT, expire]] : [])].map((rules) => ({
          body: { rules },
        }))
      }),
    )
  },
})

function deletionFaults(
  { minDeleteAge, requirePrefix, minPrefixLength, prefixes }: Options,
  { enabled, conditions, deleteObjectsTransition }: Rule,
  index: number,
): readonly Violation[] {
  const condition = deleteObjectsTransition?.condition
  if (!enabled || !condition) return []
  const prefix = conditions?.prefix ?? ''
  const at = (...path: string[]) => pointerTo('rules', index, ...path)
  const prefixFault = (message: string, allowed: unknown): Violation => ({
    pointer: at('conditions', 'prefix'),
    message,
    value: conditions?.prefix ?? null,
    allowed,
  })
  const violations: Violation[] = []
  if (requirePrefix && prefix === '')
    violations.push(prefixFault('a rule that deletes must name a prefix', 'a prefix that is not empty'))
  if (minPrefixLength !== undefined && prefix.length < minPrefixLength)
    violations.push(
      prefixFault(
        `a rule that deletes must name a prefix of ${minPrefixLength} characters or more`,
        `${minPrefixLength} characters or more`,
      ),
    )
  if (prefixes && !prefixes.some((one) => prefix.startsWith(one)))
    violations.push(
      prefixFault(`prefix ${JSON.stringify(prefix)} is not one that a rule may delete below`, prefixes),
    )
  if (minDeleteAge === undefined) return violations
  const { type, maxAge } = condition
  if (type !== 'Age' || maxAge === undefined)
    violations.push({
      pointer: at('deleteObjectsTransition', 'condition', 'type'),
      message: `deletes by ${type.toLowerCase()}, whatever the age of the object`,
      value: type,
      allowed: `Age, ${ageWithSeconds(minDeleteAge)} or more`,
    })
  else if (maxAge < secondsOf(minDeleteAge))
    violations.push({
      pointer: at('deleteObjectsTransition', 'condition', 'maxAge'),
      message: `deletes objects of ${ageInWords(maxAge)}, younger than ${minDeleteAge}`,
      value: maxAge,
      allowed: `${ageWithSeconds(minDeleteAge)} or more`,
    })
  return violations
}

/** As Cloudflare gives it to every new bucket. */
const LATEST_ABORT = '7d'
const DEFAULT_ABORT = {
  id: 'Default Multipart Abort Rule',
  enabled: true,
  conditions: { prefix: '' },
  abortMultipartUploadsTransition: { condition: { type: 'Age', maxAge: secondsOf(LATEST_ABORT) } },
}

/** Uploads that were never finished are stored, and paid for, until something ends them. */
function abortFaults(rules: readonly Rule[]): readonly Violation[] {
  const isKept = rules.some(({ enabled, conditions, abortMultipartUploadsTransition }) => {
    const { type, maxAge } = abortMultipartUploadsTransition?.condition ?? {}
    const isSoon = type === 'Age' && maxAge !== undefined && maxAge <= secondsOf(LATEST_ABORT)
    return enabled && (conditions?.prefix ?? '') === '' && isSoon
  })
  const lost: Violation = {
    pointer: '/rules',
    message: `no enabled rule on the whole bucket aborts unfinished multipart uploads within ${LATEST_ABORT}`,
    value: rules.length,
    allowed: `the default rule beside the others: ${JSON.stringify(DEFAULT_ABORT)}`,
  }
  return [...(isKept ? [] : [lost]), ...repeatedIds(rules)]
}

/** A least length of one is what `requirePrefix` says, and prefixes that are named have a length. */
function comparePrefixes(strict: Options, loose: Options): boolean {
  const shortest = ({ requirePrefix, minPrefixLength = 0, prefixes }: Options) => {
    const named = prefixes ? Math.min(...prefixes.map(({ length }) => length)) : 0
    return Math.max(requirePrefix ? 1 : 0, minPrefixLength, named)
  }
  const wanted = Math.max(loose.requirePrefix ? 1 : 0, loose.minPrefixLength ?? 0)
  return least((length: number) => length)(shortest(strict), wanted)
}
