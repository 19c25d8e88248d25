import { canonicalJson } from '../encoding/canonical-json.ts'
import { paramsOf } from './params.ts'
import type { AuditRecord } from './record.ts'
import { bucketSubject } from './subject.ts'

/**
 * Records of format 1 were written when every record was about a bucket, before they had a subject. Their hashes hold
 * for what they said then, so what they say now has to give exactly that.
 */
type Named = 'domain' | 'queueId'
type Said1 = Omit<AuditRecord, 'format' | 'subject' | 'params' | 'policyVersion'> &
  Readonly<Record<Named, string | null>>

/** What a record of format 1 said when it was written. */
export function asWritten({ format, subject, params, policyVersion, ...said }: AuditRecord): Said1 {
  const { domain = null, queueId = null } = paramsOf({ params })
  return { ...said, domain, queueId }
}

/** What a record of format 1 says now; a migration has done the same to those in the store. */
export function asNow({ domain, queueId, ...said }: Said1): AuditRecord {
  const { jurisdiction, bucket } = said
  if (jurisdiction === null || bucket === null) throw new TypeError('a record of format 1 is about a bucket')
  return {
    ...said,
    format: 1,
    subject: bucketSubject({ jurisdiction, name: bucket }),
    params: canonicalJson({ bucket, domain: domain ?? undefined, queueId: queueId ?? undefined }),
    policyVersion: null,
  }
}

/** Whether what a record of format 1 says beyond its hash is what follows from what is under it. */
export function isConsistent(record: AuditRecord): boolean {
  if (record.jurisdiction === null || record.bucket === null) return false
  const { subject, params, policyVersion } = asNow(asWritten(record))
  return record.subject === subject && record.params === params && record.policyVersion === policyVersion
}
