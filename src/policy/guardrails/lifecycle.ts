import * as z from 'zod'
import { age, secondsOf } from '../age.ts'
import { pointerTo } from '../pointer.ts'
import { ages, compareOptions, same } from './compare.ts'
import { kind, reading, type Violation } from './guardrail.ts'
import { secondsAround } from './samples.ts'

const condition = z.looseObject({ type: z.string(), maxAge: z.number().optional() })

const asked = z.looseObject({
  rules: z.array(
    z.looseObject({
      enabled: z.boolean(),
      conditions: z.looseObject({ prefix: z.string().optional() }),
      deleteObjectsTransition: z.looseObject({ condition }).optional(),
    }),
  ),
})

/**
 * What may be deleted by lifecycle rules. A rule that is not enabled deletes nothing. A rule with a date
 * deletes every object from that day on, however young: it is never old enough for `minDeleteAge`.
 */
export const lifecycle = kind({
  options: z
    .strictObject({ minDeleteAge: age.exactOptional(), requirePrefix: z.literal(true).exactOptional() })
    .refine((options) => Object.keys(options).length > 0, 'says nothing: name minDeleteAge or requirePrefix'),
  operations: ['buckets.lifecycle.update'],
  check: ({ minDeleteAge, requirePrefix }, { body }) =>
    reading(asked, body, ({ rules }) =>
      rules.flatMap(({ enabled, conditions, deleteObjectsTransition }, index): Violation[] => {
        if (!enabled || !deleteObjectsTransition) return []
        const { type, maxAge } = deleteObjectsTransition.condition
        const at = (...path: string[]) => pointerTo('rules', index, ...path)
        const violations: Violation[] = []
        if (requirePrefix && !conditions.prefix)
          violations.push({
            pointer: at('conditions', 'prefix'),
            message: 'a rule that deletes must name a prefix',
            value: conditions.prefix ?? null,
            allowed: 'a prefix that is not empty',
          })
        if (minDeleteAge === undefined) return violations
        const least = secondsOf(minDeleteAge)
        if (type !== 'Age' || maxAge === undefined)
          violations.push({
            pointer: at('deleteObjectsTransition', 'condition', 'type'),
            message: `deletes by ${type.toLowerCase()}, whatever the age of the object`,
            value: type,
            allowed: `Age, ${minDeleteAge} or more`,
          })
        else if (maxAge < least)
          violations.push({
            pointer: at('deleteObjectsTransition', 'condition', 'maxAge'),
            message: `deletes objects of ${maxAge} seconds, younger than ${minDeleteAge}`,
            value: maxAge,
            allowed: `${least} seconds or more`,
          })
        return violations
      }),
    ),
  compare: (strict, loose) => compareOptions(strict, loose, { minDeleteAge: ages, requirePrefix: same }),
  samples: (_operation, all) =>
    ['', 'tmp/'].flatMap((prefix) =>
      secondsAround(all.flatMap(({ minDeleteAge }) => minDeleteAge ?? [])).map((maxAge) => ({
        body: {
          rules: [
            {
              id: 'expire',
              enabled: true,
              conditions: { prefix },
              deleteObjectsTransition: { condition: { type: 'Age', maxAge } },
            },
          ],
        },
      })),
    ),
})
