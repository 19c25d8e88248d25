import * as z from 'zod'
import { onBucket } from '../operation.ts'
import type { Bucket } from '../store/buckets.ts'

const managedDomain = z.object({ enabled: z.boolean() })
const OFF = { enabled: false }

const path = '/r2/buckets/:bucket/domains/managed'

export const managedDomainOperations = [
  onBucket('buckets.domains.managed.list', 'GET', path, ({ services }, bucket) => ({
    result: describe(
      bucket,
      managedDomain.parse(services.store.settings.get(bucket, 'managed-domain') ?? OFF),
    ),
  })),
  onBucket('buckets.domains.managed.update', 'PUT', path, (call, bucket) => {
    const value = call.body(managedDomain)
    call.services.store.settings.put(bucket, 'managed-domain', value)
    return { result: describe(bucket, value) }
  }),
]

function describe({ bucket_id }: Bucket, { enabled }: { enabled: boolean }) {
  return { bucketId: bucket_id, domain: `pub-${bucket_id}.r2.dev`, enabled }
}
