import * as z from 'zod'
import { done } from '../envelope.ts'
import { onBucket } from '../operation.ts'
import { checkRules, MOST_RULES } from './rules.ts'

const age = z.object({ type: z.literal('Age'), maxAge: z.int().nonnegative() })
// The text is kept as it came: a date in the past is fine, and Terraform compares instants.
const date = z.object({ type: z.literal('Date'), date: z.iso.datetime({ offset: true }) })
const ageOrDate = z.discriminatedUnion('type', [age, date])

/** Strict: an action that is not known here is refused, and never answered as if it had been taken. */
const lifecycleRule = z.strictObject({
  id: z.string(),
  enabled: z.boolean(),
  // Required by the description; wrangler leaves it out and the live API puts up with it.
  conditions: z.object({ prefix: z.string().optional() }),
  abortMultipartUploadsTransition: z.object({ condition: age.optional() }).optional(),
  deleteObjectsTransition: z.object({ condition: ageOrDate.optional() }).optional(),
  storageClassTransitions: z
    .array(z.object({ condition: ageOrDate, storageClass: z.literal('InfrequentAccess') }))
    .optional(),
})

// `rules` may be absent: the SDKs send {} for an empty list.
const lifecycle = z.object({ rules: z.array(lifecycleRule).default([]) })

const SEVEN_DAYS = 7 * 24 * 60 * 60

/** What every new bucket has, until somebody puts another list in its place. */
const FRESH: z.infer<typeof lifecycle> = {
  rules: [
    {
      id: 'Default Multipart Abort Rule',
      enabled: true,
      conditions: { prefix: '' },
      abortMultipartUploadsTransition: { condition: { type: 'Age', maxAge: SEVEN_DAYS } },
    },
  ],
}

const path = '/r2/buckets/:bucket/lifecycle'

export const lifecycleOperations = [
  onBucket('buckets.lifecycle.get', 'GET', path, ({ services }, bucket) => ({
    result: services.store.settings.get(bucket, 'lifecycle') ?? FRESH,
  })),
  onBucket('buckets.lifecycle.update', 'PUT', path, (call, bucket) => {
    const value = call.body(lifecycle)
    checkRules(value.rules, MOST_RULES)
    call.services.store.settings.put(bucket, 'lifecycle', value)
    return done()
  }),
]
