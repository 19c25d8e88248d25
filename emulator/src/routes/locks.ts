import * as z from 'zod'
import { done } from '../envelope.ts'
import { onBucket } from '../operation.ts'
import { checkRules, MOST_RULES } from './rules.ts'

const lockRule = z.object({
  id: z.string(),
  enabled: z.boolean(),
  prefix: z.string().optional(),
  condition: z.discriminatedUnion('type', [
    z.object({ type: z.literal('Age'), maxAgeSeconds: z.int().nonnegative() }),
    z.object({ type: z.literal('Date'), date: z.iso.datetime({ offset: true }) }),
    z.object({ type: z.literal('Indefinite') }),
  ]),
})

// `rules` may be absent: the SDKs send {} for an empty list.
const lock = z.object({ rules: z.array(lockRule).default([]) })

const path = '/r2/buckets/:bucket/lock'

export const lockOperations = [
  onBucket('buckets.locks.get', 'GET', path, ({ services }, bucket) => ({
    result: services.store.settings.get(bucket, 'lock') ?? { rules: [] },
  })),
  onBucket('buckets.locks.update', 'PUT', path, (call, bucket) => {
    const value = call.body(lock)
    checkRules(value.rules, MOST_RULES)
    call.services.store.settings.put(bucket, 'lock', value)
    return done()
  }),
]
