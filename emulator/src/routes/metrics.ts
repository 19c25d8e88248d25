import { onAccount } from '../operation.ts'

const NONE = { objects: 0, payloadSize: 0, metadataSize: 0 }

/** Objects are only counted here, so their sizes are made up: the same for each of them. */
const PAYLOAD_BYTES = 1024 * 1024
const METADATA_BYTES = 128

export const metricsOperations = [
  onAccount('buckets.metrics.list', 'GET', '/r2/metrics', ({ services }) => {
    const totals = services.store.buckets.objectsByStorageClass()
    const objectsIn = (wanted: string) => totals.find((total) => total.storage_class === wanted)?.objects ?? 0
    return {
      result: {
        standard: describe(objectsIn('Standard')),
        infrequentAccess: describe(objectsIn('InfrequentAccess')),
      },
    }
  }),
]

/** Nothing is ever half uploaded: what was seeded is published. */
function describe(objects: number) {
  const published = { objects, payloadSize: objects * PAYLOAD_BYTES, metadataSize: objects * METADATA_BYTES }
  return { published, uploaded: NONE }
}
