import type { Bucket } from '../store/buckets.ts'

export function describe({ name, creation_date, location, storage_class, jurisdiction }: Bucket) {
  return { name, creation_date, location, storage_class, jurisdiction }
}
