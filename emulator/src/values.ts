import * as z from 'zod'

/** What the docs say and wrangler enforces; the official description says 64 characters and no pattern. */
export const BUCKET_NAME = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/

export const jurisdictions = ['default', 'eu', 'us', 'fedramp', 'fedramp-high'] as const
export type Jurisdiction = (typeof jurisdictions)[number]

export const storageClass = z.enum(['Standard', 'InfrequentAccess'])
export type StorageClass = z.infer<typeof storageClass>

/** Hints are lower case in the description, but Terraform passes on whatever case its user wrote. */
export const locationHint = z
  .string()
  .transform((hint) => hint.toLowerCase())
  .pipe(z.enum(['apac', 'eeur', 'enam', 'weur', 'wnam', 'oc']))

export const DEFAULT_LOCATION = 'ENAM'
