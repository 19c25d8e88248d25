import * as z from 'zod'
import { age, ageInWords, ageWithSeconds, secondsOf } from '../age.ts'
import { pointerTo } from '../pointer.ts'
import { ages, compareOptions, same } from './compare.ts'
import {
  type Change,
  kind,
  optional,
  optionalList,
  reading,
  readingCurrent,
  type Violation,
} from './guardrail.ts'
import { repeatedIds } from './repeated-ids.ts'
import { secondsAround, unique } from './samples.ts'

const UPDATE = 'buckets.locks.update'
const DELETE_BUCKET = 'buckets.delete'
const GET = 'buckets.locks.get'

const condition = z.looseObject({
  type: z.enum(['Age', 'Date', 'Indefinite']),
  maxAgeSeconds: z.number().optional(),
  date: z.string().optional(),
})
const rule = z.looseObject({
  id: z.string().optional(),
  enabled: z.boolean(),
  prefix: z.string().default(''),
  condition,
})
const asked = z.looseObject({
  rules: optionalList(
    rule.extend({
      id: optional(z.string()),
      prefix: z
        .string()
        .nullish()
        .transform((prefix) => prefix ?? ''),
    }),
  ),
})
/** Of what is there, nothing is taken for granted. */
const there = z.looseObject({ rules: z.array(rule) })
type Rule = z.output<typeof rule>
const EXPECTED =
  '{"rules": [{"id": "…", "enabled": true, "prefix": "…", "condition": {"type": "Age", "maxAgeSeconds": 2592000}}]}'

const WHOLE_BUCKET = ['']

const options = z
  .strictObject({
    neverWeaken: z.literal(true).exactOptional(),
    minRetention: age.exactOptional(),
    prefixes: z.array(z.string().min(1).max(1024)).min(1).exactOptional(),
  })
  .refine(
    ({ neverWeaken, minRetention }) => neverWeaken !== undefined || minRetention !== undefined,
    'says nothing: name neverWeaken or minRetention',
  )
  .refine(({ minRetention, prefixes }) => prefixes === undefined || minRetention !== undefined, {
    path: ['prefixes'],
    error: 'says where minRetention is demanded: name that too',
  })
type Options = z.output<typeof options>

/**
 * How long objects must stay. `neverWeaken` compares with what is there: whatever a rule locks now must stay locked as
 * long. `minRetention` demands a rule on the whole bucket, or on each of `prefixes`, that lasts as long; what other
 * rules lock beside it is free, since the longest lock holds. Deleting a bucket removes its locks, so it counts as that.
 */
export const locks = kind({
  options,
  ways: {
    neverWeaken: [UPDATE, DELETE_BUCKET],
    minRetention: [UPDATE, DELETE_BUCKET],
    prefixes: [UPDATE, DELETE_BUCKET],
  },
  absent: { [GET]: { rules: [] } },
  needs: ({ neverWeaken }, operation) => (neverWeaken || operation === DELETE_BUCKET ? [GET] : []),
  check({ neverWeaken, minRetention, prefixes = WHOLE_BUCKET }, change) {
    if (change.operation === DELETE_BUCKET) return removed(change)
    return reading(asked, change.body, EXPECTED, ({ rules }) => [
      ...repeatedIds(rules),
      ...(neverWeaken ? weakened(rules, change) : []),
      ...(minRetention === undefined
        ? []
        : prefixes.flatMap((prefix) => tooShort(rules, prefix, minRetention))),
    ])
  },
  compare: (strict, loose) =>
    compareOptions<Pick<Options, 'neverWeaken' | 'minRetention'>>(strict, loose, {
      neverWeaken: same,
      minRetention: ages,
    }) &&
    (loose.minRetention === undefined ||
      (loose.prefixes ?? WHOLE_BUCKET).every((inner) =>
        (strict.prefixes ?? WHOLE_BUCKET).some((outer) => inner.startsWith(outer)),
      )),
  samples(operation, all) {
    const lasting = (maxAgeSeconds: number, prefix = '') => ({
      rules: [{ id: 'keep', enabled: true, prefix, condition: { type: 'Age', maxAgeSeconds } }],
    })
    const retentions = secondsAround(all.flatMap(({ minRetention }) => minRetention ?? []))
    const prefixes = ['', ...unique(all.flatMap(({ prefixes = [] }) => prefixes))]
    const bodies = [
      { rules: [] },
      ...prefixes.flatMap((prefix) => retentions.map((seconds) => lasting(seconds, prefix))),
    ]
    return [{ rules: [] }, lasting(604_800)].flatMap((known) => {
      const current = { [GET]: known }
      return operation === UPDATE ? bodies.map((body) => ({ body, current })) : [{ current }]
    })
  },
})

/** The rules in force now: enabled, and not with a date that has passed. */
function inForce(change: Change, judge: (rules: readonly Rule[]) => readonly Violation[]) {
  return readingCurrent(there, change, GET, ({ rules }) =>
    judge(rules.filter((one) => one.enabled && !isExpired(one, change.now))),
  )
}

function removed(change: Change): readonly Violation[] {
  return inForce(change, (rules) =>
    rules.map(({ id = '' }) => ({
      pointer: '',
      message: `deleting the bucket would remove its lock rule ${id}`,
      value: null,
      allowed: 'a bucket without lock rules in force',
    })),
  )
}

function weakened(asked: readonly Rule[], change: Change): readonly Violation[] {
  return inForce(change, (rules) =>
    rules
      .filter((known) => !asked.some((one) => locksAsMuch(one, known)))
      .map((known) => {
        const { id = '' } = known
        const index = asked.findIndex((one) => (one.id ?? '') === id)
        const how = index === -1 ? 'removes' : 'weakens'
        return {
          pointer: index === -1 ? '/rules' : pointerTo('rules', index),
          message: `${how} lock rule ${id}, which is in force`,
          value: asked[index] ?? null,
          allowed: `rule ${id} as it is, or stronger`,
        }
      }),
  )
}

/** The rule that comes nearest is the one at fault: the first that covers all of the prefix. */
function tooShort(rules: readonly Rule[], prefix: string, minRetention: string): readonly Violation[] {
  const where = prefix === '' ? 'the whole bucket' : `all of prefix ${JSON.stringify(prefix)}`
  const covering = [...rules.entries()].filter(([, one]) => one.enabled && prefix.startsWith(one.prefix))
  if (covering.some(([, one]) => lastsFor(one, secondsOf(minRetention)))) return []
  const [nearest] = covering
  if (!nearest)
    return [
      {
        pointer: '/rules',
        message: `no enabled rule locks ${where} for ${minRetention}`,
        value: rules.length,
        allowed: `a rule that locks ${where} for ${ageWithSeconds(minRetention)} or more, or without end`,
      },
    ]
  const [index, { condition }] = nearest
  const isAge = condition.type === 'Age'
  return [
    {
      pointer: pointerTo('rules', index, 'condition', isAge ? 'maxAgeSeconds' : 'type'),
      message: isAge
        ? `a lock of ${ageInWords(condition.maxAgeSeconds ?? 0)} is shorter than ${minRetention}`
        : 'a lock until a date keeps late objects for less',
      value: isAge ? (condition.maxAgeSeconds ?? 0) : condition.type,
      allowed: `Age, ${ageWithSeconds(minRetention)} or more, or Indefinite`,
    },
  ]
}

function lastsFor({ condition: { type, maxAgeSeconds = 0 } }: Rule, seconds: number): boolean {
  return type === 'Indefinite' || (type === 'Age' && maxAgeSeconds >= seconds)
}

/** Whether everything that `known` locks is locked by `one`, and as long. */
function locksAsMuch(one: Rule, known: Rule): boolean {
  return one.enabled && known.prefix.startsWith(one.prefix) && lastsAsLong(one, known)
}

function lastsAsLong({ condition: one }: Rule, { condition: known }: Rule): boolean {
  if (one.type === 'Indefinite') return true
  if (one.type !== known.type) return false // an age and a date say nothing of each other
  if (one.type === 'Age') return (one.maxAgeSeconds ?? 0) >= (known.maxAgeSeconds ?? Number.POSITIVE_INFINITY)
  return Date.parse(one.date ?? '') >= Date.parse(known.date ?? '')
}

/** Without the time, nothing counts as expired. */
function isExpired({ condition }: Rule, now: number | undefined): boolean {
  return condition.type === 'Date' && now !== undefined && Date.parse(condition.date ?? '') <= now
}
