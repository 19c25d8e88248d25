import * as z from 'zod'
import { replaces } from '../changes.ts'
import { operation, resource } from '../operation.ts'
import { instant, ruleId, rulesWithUniqueIds, wholeNumber } from './rules.ts'

const age = z.strictObject({
  type: z.literal('Age'),
  maxAge: wholeNumber.meta({ description: 'Age in seconds' }),
})
const date = z.strictObject({ type: z.literal('Date'), date: instant })

const rule = z.strictObject({
  id: ruleId,
  enabled: z.boolean(),
  conditions: z
    .strictObject({
      prefix: z
        .string()
        .max(1024)
        .default('')
        .meta({ description: 'Objects whose key starts with it; empty for all' }),
    })
    .default({ prefix: '' }),
  abortMultipartUploadsTransition: z.strictObject({ condition: age.exactOptional() }).exactOptional(),
  deleteObjectsTransition: z
    .strictObject({ condition: z.discriminatedUnion('type', [age, date]).exactOptional() })
    .exactOptional(),
  storageClassTransitions: z
    .array(
      z.strictObject({
        condition: z.discriminatedUnion('type', [age, date]),
        storageClass: z.literal('InfrequentAccess'),
      }),
    )
    .exactOptional(),
})

export const lifecycleRules = z.strictObject({ rules: rulesWithUniqueIds(rule, 1000) }).meta({
  id: 'LifecycleRules',
  description: 'All lifecycle rules of a bucket, at most 1,000; what is not in the list is removed',
  examples: [
    {
      rules: [
        {
          id: 'expire-logs',
          enabled: true,
          conditions: { prefix: 'logs/' },
          deleteObjectsTransition: { condition: { type: 'Age', maxAge: 2592000 } },
        },
      ],
    },
  ],
})

const anyCondition = z.object({
  type: z.string(),
  maxAge: z.number().exactOptional(),
  date: z.string().exactOptional(),
})

export const lifecycleConfiguration = z
  .object({
    rules: z
      .array(
        z.object({
          id: z.string(),
          enabled: z.boolean(),
          conditions: z.object({ prefix: z.string().exactOptional() }).exactOptional(),
          abortMultipartUploadsTransition: z
            .object({ condition: anyCondition.exactOptional() })
            .exactOptional(),
          deleteObjectsTransition: z.object({ condition: anyCondition.exactOptional() }).exactOptional(),
          storageClassTransitions: z
            .array(z.object({ condition: anyCondition, storageClass: z.string() }))
            .exactOptional(),
        }),
      )
      .default([]),
  })
  .meta({ id: 'LifecycleConfiguration' })

export const lifecycle = resource('Lifecycle', [
  operation({
    name: 'buckets.lifecycle.get',
    method: 'get',
    path: '/buckets/:bucket/lifecycle',
    summary: 'Get the lifecycle rules',
    result: lifecycleConfiguration,
  }),
  operation({
    name: 'buckets.lifecycle.update',
    method: 'put',
    path: '/buckets/:bucket/lifecycle',
    summary: 'Replace the lifecycle rules',
    description: 'The list replaces the whole one, the default rule for multipart uploads included.',
    changes: replaces('buckets.lifecycle.get', { update: 'buckets.lifecycle.update' }),
    body: lifecycleRules,
  }),
])
