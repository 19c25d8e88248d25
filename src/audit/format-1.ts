import { canonicalJson } from '../encoding/canonical-json.ts'
import { paramsOf } from './params.ts'
import type { AuditRecord } from './record.ts'
import { bucketOf, bucketSubject } from './subject.ts'

/**
 * Records of format 1 were written when every record was about a bucket, before they had a subject. Their hashes hold
 * for what they said then, so what they say now has to give exactly that, and no more.
 */

/** What a record of format 1 said when it was written. */
export function asWritten({ format, subject, params, policyVersion, ...said }: AuditRecord) {
  const { domain = null, queueId = null } = paramsOf({ params })
  return { ...said, domain, queueId }
}

/** Whether what a record of format 1 says beyond its hash is what follows from what is under it. */
export function isConsistent(record: AuditRecord): boolean {
  const bucket = bucketOf(record)
  if (!bucket) return false
  const { domain, queueId } = paramsOf(record)
  return (
    record.subject === bucketSubject(bucket) &&
    record.params === canonicalJson({ bucket: bucket.name, domain, queueId }) &&
    record.policyVersion === null
  )
}
