import type { AuditRecord } from '../../src/audit/record.ts'

/** What records of tests say, unless the test says otherwise. */
export const usual = {
  team: 'media',
  keyId: 'k1',
  keyName: 'ci',
  dialect: 'v1',
  operation: 'buckets.cors.update',
  jurisdiction: 'default',
  bucket: 'media-assets',
  domain: null,
  queueId: null,
  decision: 'allowed',
  rule: 'teams.media.grants[0]',
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
