/** Where a bucket's objects are guaranteed to be stored. (jurisdiction, name) identifies a bucket. */
export const JURISDICTIONS = ['default', 'eu', 'us', 'fedramp', 'fedramp-high'] as const
export type Jurisdiction = (typeof JURISDICTIONS)[number]

/** What identifies a bucket: the same name in another jurisdiction is another bucket. */
export interface BucketRef {
  readonly jurisdiction: Jurisdiction
  readonly name: string
}
