import * as z from 'zod'
import type { Call } from '../call.ts'
import { type Answer, done } from '../envelope.ts'
import { ApiError } from '../errors.ts'
import { onAccount, onBucket } from '../operation.ts'
import type { Bucket, BucketKey } from '../store/buckets.ts'
import { BUCKET_NAME, locationHint, storageClass } from '../values.ts'
import { listBuckets } from './bucket-list.ts'
import { describe } from './describe-bucket.ts'

export const bucketOperations = [
  onAccount('buckets.list', 'GET', '/r2/buckets', listBuckets),
  onAccount('buckets.create', 'POST', '/r2/buckets', createBucket),
  onBucket('buckets.get', 'GET', '/r2/buckets/:bucket', (_call, bucket) => ({ result: describe(bucket) })),
  onBucket('buckets.edit', 'PATCH', '/r2/buckets/:bucket', editBucket),
  onBucket('buckets.delete', 'DELETE', '/r2/buckets/:bucket', deleteBucket),
]

const newBucket = z.object({
  name: z.string(),
  locationHint: locationHint.optional(),
  storageClass: storageClass.optional(),
})

function createBucket(call: Call): Answer {
  const { buckets } = call.services.store
  const { name, locationHint, storageClass } = call.body(newBucket)
  const key = { jurisdiction: call.jurisdiction, name }
  if (!BUCKET_NAME.test(name)) throw new ApiError('invalid_bucket_name')
  if (buckets.find(key)) throw new ApiError('bucket_exists')
  if (buckets.count() >= buckets.limit()) throw new ApiError('too_many_buckets')
  buckets.put({ ...key, location: locationHint, storageClass })
  return answer(call, key)
}

/** The class is a header and there is no body; a body sent anyway is not looked at. */
function editBucket(call: Call, bucket: Bucket): Answer {
  const { success, data } = storageClass.safeParse(call.header('cf-r2-storage-class'))
  if (!success) throw new ApiError('invalid_storage_class')
  call.services.store.buckets.setStorageClass(bucket, data)
  return answer(call, bucket)
}

function deleteBucket(call: Call, bucket: Bucket): Answer {
  const { buckets, settings, domains, notifications } = call.services.store
  if (bucket.objects > 0) {
    const message = `The bucket you tried to delete (${bucket.name}) is not empty (account ${call.accountId}).`
    throw new ApiError('bucket_not_empty', { message })
  }
  for (const part of [settings, domains, notifications]) part.deleteAll(bucket)
  buckets.delete(bucket)
  return done()
}

function answer(call: Call, key: BucketKey): Answer {
  const bucket = call.services.store.buckets.find(key)
  if (!bucket) throw new ApiError('no_bucket')
  return { result: describe(bucket) }
}
