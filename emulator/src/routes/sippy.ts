import * as z from 'zod'
import type { Call } from '../call.ts'
import type { Answer } from '../envelope.ts'
import { onBucket } from '../operation.ts'
import type { Bucket } from '../store/buckets.ts'

const required = z.string().min(1)
const keys = { accessKeyId: required, secretAccessKey: required }

const source = z.discriminatedUnion('provider', [
  z.object({ provider: z.literal('aws'), bucket: required, region: required, ...keys }),
  z.object({ provider: z.literal('gcs'), bucket: required, clientEmail: required, privateKey: required }),
  z.object({ provider: z.literal('s3'), bucketUrl: required, ...keys }),
  z
    .object({
      provider: z.literal('azure'),
      container: required,
      accountName: required,
      accountKey: required.optional(),
      sasToken: required.optional(),
    })
    .refine(({ accountKey, sasToken }) => (accountKey === undefined) !== (sasToken === undefined)),
])
const destination = z.object({ provider: z.literal('r2').default('r2'), ...keys })
const sippy = z.object({ source, destination })

const OFF = { enabled: false }
const path = '/r2/buckets/:bucket/sippy'

export const sippyOperations = [
  onBucket('buckets.sippy.get', 'GET', path, ({ services }, bucket) => ({
    result: services.store.settings.get(bucket, 'sippy') ?? OFF,
  })),
  onBucket('buckets.sippy.update', 'PUT', path, enableSippy),
  onBucket('buckets.sippy.delete', 'DELETE', path, ({ services }, bucket) => {
    services.store.settings.delete(bucket, 'sippy')
    return { result: OFF }
  }),
]

/** Only what is answered is stored, so there is no secret here that a later bug could give away. */
function enableSippy(call: Call, bucket: Bucket): Answer {
  const { source, destination } = call.body(sippy)
  const result = {
    enabled: true,
    source: placeOf(source),
    destination: {
      provider: destination.provider,
      account: call.accountId,
      bucket: bucket.name,
      accessKeyId: destination.accessKeyId,
    },
  }
  call.services.store.settings.put(bucket, 'sippy', result)
  return { result }
}

function placeOf(from: z.infer<typeof source>) {
  const { provider } = from
  switch (provider) {
    case 'aws':
      return { provider, bucket: from.bucket, region: from.region }
    case 'gcs':
      return { provider, bucket: from.bucket }
    case 's3':
      return { provider, bucketUrl: from.bucketUrl }
    case 'azure':
      return { provider, container: from.container }
  }
}
