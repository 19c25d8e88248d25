/** Where a bucket's objects are guaranteed to be stored. (jurisdiction, name) identifies a bucket. */
export const JURISDICTIONS = ['default', 'eu', 'us', 'fedramp', 'fedramp-high'] as const
export type Jurisdiction = (typeof JURISDICTIONS)[number]

/** What identifies a bucket: the same name in another jurisdiction is another bucket. */
export interface BucketRef {
  readonly jurisdiction: Jurisdiction
  readonly name: string
}

/** The values that R2 knows, each list once: policy speaks of them, and requests are made of them. */

export const LOCATIONS = ['apac', 'eeur', 'enam', 'weur', 'wnam', 'oc'] as const
export const STORAGE_CLASSES = ['Standard', 'InfrequentAccess'] as const
export const CORS_METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'] as const

/** From the lowest to the highest. */
export const TLS_VERSIONS = ['1.0', '1.1', '1.2', '1.3'] as const

export const EVENT_ACTIONS = [
  'PutObject',
  'CopyObject',
  'DeleteObject',
  'CompleteMultipartUpload',
  'LifecycleDeletion',
] as const

/** From where Sippy can copy. */
export const SIPPY_PROVIDERS = ['aws', 'gcs', 's3', 'azure'] as const
