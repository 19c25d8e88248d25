import * as z from 'zod'
import { replaces } from '../changes.ts'
import { operation, resource } from '../operation.ts'
import { instant, ruleId, rulesWithUniqueIds, wholeNumber } from './rules.ts'

const condition = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('Age'),
    maxAgeSeconds: wholeNumber.meta({ description: 'How long an object is locked, in seconds' }),
  }),
  z.strictObject({ type: z.literal('Date'), date: instant }),
  z.strictObject({ type: z.literal('Indefinite') }),
])

const rule = z.strictObject({
  id: ruleId,
  enabled: z.boolean(),
  prefix: z.string().max(1024).exactOptional(),
  condition,
})

export const lockRules = z.strictObject({ rules: rulesWithUniqueIds(rule, 1000) }).meta({
  id: 'LockRules',
  description: 'All lock rules of a bucket, at most 1,000; what is not in the list is removed',
  examples: [
    { rules: [{ id: 'keep-a-month', enabled: true, condition: { type: 'Age', maxAgeSeconds: 2592000 } }] },
  ],
})

const lockConfiguration = z
  .object({
    rules: z
      .array(
        z.object({
          id: z.string(),
          enabled: z.boolean(),
          prefix: z.string().exactOptional(),
          condition: z.object({
            type: z.string(),
            maxAgeSeconds: z.number().exactOptional(),
            date: z.string().exactOptional(),
          }),
        }),
      )
      .default([]),
  })
  .meta({ id: 'LockConfiguration' })

export const locks = resource('Locks', [
  operation({
    name: 'buckets.locks.get',
    method: 'get',
    path: '/buckets/:bucket/lock',
    summary: 'Get the lock rules',
    result: lockConfiguration,
  }),
  operation({
    name: 'buckets.locks.update',
    method: 'put',
    path: '/buckets/:bucket/lock',
    summary: 'Replace the lock rules',
    changes: replaces('buckets.locks.get', { update: 'buckets.locks.update' }),
    body: lockRules,
  }),
])
