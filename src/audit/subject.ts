import type { BucketRef } from '../policy/names.ts'
import type { AuditRecord } from './record.ts'

/** What a record is about where that is the whole account. */
export const ACCOUNT = 'account'

/** What a record is about where that is a bucket. The bucket's lane has the same name. */
export const bucketSubject = ({ jurisdiction, name }: BucketRef) => `bucket:${jurisdiction}/${name}`

/** The bucket that a record is about; `null` where it is about something else. */
export function bucketOf({
  jurisdiction,
  bucket,
}: Pick<AuditRecord, 'jurisdiction' | 'bucket'>): BucketRef | null {
  return jurisdiction === null || bucket === null ? null : { jurisdiction, name: bucket }
}
