import * as z from 'zod'
import type { Store } from '../store/index.ts'
import { BUCKET_NAME, jurisdictions, locationHint, storageClass } from '../values.ts'

const jurisdiction = z.enum(jurisdictions).default('default')

/** Six digits are appended, so the longest prefix leaves room for them. */
const generated = z.strictObject({
  count: z.int().min(1).max(999_999),
  prefix: z.string().regex(/^[a-z0-9][a-z0-9-]{0,56}$/),
  jurisdiction,
})

export const seedRequest = z.strictObject({
  buckets: z
    .array(
      z.strictObject({
        name: z.string().regex(BUCKET_NAME),
        jurisdiction,
        location: locationHint.optional(),
        storageClass: storageClass.optional(),
        objects: z.int().min(0).optional(),
      }),
    )
    .default([]),
  queues: z
    .array(z.strictObject({ id: z.string().regex(/^[0-9a-f]{32}$/), name: z.string().min(1) }))
    .default([]),
  generate: generated.optional(),
  bucketLimit: z.int().min(0).optional(),
})

/** All of it or nothing. A bucket or queue that is there already takes the new values. */
export function seed(
  store: Store,
  { buckets, queues, generate, bucketLimit }: z.infer<typeof seedRequest>,
): void {
  store.transaction(() => {
    for (const bucket of buckets) store.buckets.put(bucket)
    for (const queue of queues) store.queues.put(queue)
    if (generate) store.buckets.generate(generate)
    if (bucketLimit !== undefined) store.buckets.setLimit(bucketLimit)
  })
}
