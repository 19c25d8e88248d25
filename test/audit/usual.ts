import { type AuditRecord, FORMAT } from '../../src/audit/record.ts'
import { ACCOUNT, bucketOf, bucketSubject } from '../../src/audit/subject.ts'
import { canonicalJson } from '../../src/encoding/canonical-json.ts'

/** What records of tests say, unless the test says otherwise. */
export const usual = {
  format: FORMAT,
  team: 'media',
  keyId: 'k1',
  keyName: 'ci',
  dialect: 'v1',
  operation: 'buckets.cors.update',
  jurisdiction: 'default',
  bucket: 'media-assets',
  decision: 'allowed',
  rule: 'teams.media.grants[0]',
  policyVersion: 3,
  warnings: '[]',
  clientAddress: '192.0.2.7',
  reverts: null,
  bodyDigest: null,
  beforeDigest: null,
  afterDigest: null,
  outcome: 'happened',
  reconciled: 0,
  code: null,
  upstreamStatus: 200,
  cfRay: '8f0c-AMS',
  durationMs: 21,
} as const satisfies Partial<AuditRecord>

/** What a record of a test is about, unless it says so itself: the bucket that it says, or the usual one. */
export function aboutOf(said: Partial<AuditRecord>): Pick<AuditRecord, 'subject' | 'params'> {
  const { bucket } = { ...usual, ...said }
  const named = bucketOf({ ...usual, ...said })
  return {
    subject: named ? bucketSubject(named) : ACCOUNT,
    params: canonicalJson({ bucket: bucket ?? undefined }),
  }
}
