import * as z from 'zod'
import { age, secondsOf } from '../age.ts'
import { pointerTo } from '../pointer.ts'
import { ages, compareOptions, same } from './compare.ts'
import { type Change, kind, reading, readingCurrent, type Violation } from './guardrail.ts'
import { secondsAround } from './samples.ts'

const UPDATE = 'buckets.locks.update'
const DELETE_BUCKET = 'buckets.delete'
const GET = 'buckets.locks.get'

const condition = z.looseObject({
  type: z.enum(['Age', 'Date', 'Indefinite']),
  maxAgeSeconds: z.number().optional(),
  date: z.string().optional(),
})
const rule = z.looseObject({
  id: z.string().default(''),
  enabled: z.boolean(),
  prefix: z.string().default(''),
  condition,
})
const ruleList = z.looseObject({ rules: z.array(rule) })
type Rule = z.output<typeof rule>

/**
 * How long objects must stay. `neverWeaken` compares with what is there: whatever a rule locks now must
 * stay locked as long. Deleting a bucket removes its locks, so it counts as removing them.
 */
export const locks = kind({
  options: z
    .strictObject({ neverWeaken: z.literal(true).exactOptional(), minRetention: age.exactOptional() })
    .refine((options) => Object.keys(options).length > 0, 'says nothing: name neverWeaken or minRetention'),
  operations: [UPDATE, DELETE_BUCKET],
  needs: ({ neverWeaken }, operation) => (neverWeaken || operation === DELETE_BUCKET ? [GET] : []),
  check({ neverWeaken, minRetention }, change) {
    if (change.operation === DELETE_BUCKET) return removed(change)
    return reading(ruleList, change.body, ({ rules }) => [
      ...(neverWeaken ? weakened(rules, change) : []),
      ...(minRetention === undefined ? [] : tooShort(rules, minRetention)),
    ])
  },
  compare: (strict, loose) => compareOptions(strict, loose, { neverWeaken: same, minRetention: ages }),
  samples(operation, all) {
    const lasting = (maxAgeSeconds: number) => ({
      rules: [{ id: 'keep', enabled: true, condition: { type: 'Age', maxAgeSeconds } }],
    })
    const retentions = secondsAround(all.flatMap(({ minRetention }) => minRetention ?? []))
    const bodies = [{ rules: [] }, ...retentions.map(lasting)]
    return [{ rules: [] }, lasting(604_800)].flatMap((known) => {
      const current = { [GET]: known }
      return operation === UPDATE ? bodies.map((body) => ({ body, current })) : [{ current }]
    })
  },
})

/** The rules in force now: enabled, and not with a date that has passed. */
function inForce(change: Change, judge: (rules: readonly Rule[]) => readonly Violation[]) {
  return readingCurrent(ruleList, change, GET, ({ rules }) =>
    judge(rules.filter((one) => one.enabled && !isExpired(one, change.now))),
  )
}

function removed(change: Change): readonly Violation[] {
  return inForce(change, (rules) =>
    rules.map(({ id }) => ({
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
        const index = asked.findIndex(({ id }) => id === known.id)
        const how = index === -1 ? 'removes' : 'weakens'
        return {
          pointer: index === -1 ? '/rules' : pointerTo('rules', index),
          message: `${how} lock rule ${known.id}, which is in force`,
          value: asked[index] ?? null,
          allowed: `rule ${known.id} as it is, or stronger`,
        }
      }),
  )
}

function tooShort(rules: readonly Rule[], minRetention: string): readonly Violation[] {
  const least = secondsOf(minRetention)
  if (!rules.some(({ enabled }) => enabled))
    return [
      {
        pointer: '/rules',
        message: 'no rule is enabled',
        value: rules.length,
        allowed: `a lock of ${minRetention} or more`,
      },
    ]
  return rules.flatMap(({ enabled, condition }, index): Violation[] => {
    if (!enabled || condition.type === 'Indefinite') return []
    const seconds = condition.type === 'Age' ? (condition.maxAgeSeconds ?? 0) : null
    if (seconds !== null && seconds >= least) return []
    const message =
      seconds === null
        ? 'a lock until a date keeps late objects for less'
        : `${seconds} seconds are less than ${minRetention}`
    const field = seconds === null ? 'type' : 'maxAgeSeconds'
    return [
      {
        pointer: pointerTo('rules', index, 'condition', field),
        message,
        value: seconds ?? condition.type,
        allowed: `Age, ${least} seconds or more, or Indefinite`,
      },
    ]
  })
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
