import fc from 'fast-check'
import type { KindName } from '../../../src/policy/guardrails/index.ts'

/** Random options of every kind, over few values, so that they often meet. */

const some = <T>(...values: T[]) => fc.subarray(values, { minLength: 1 })
const options = (record: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(record, { requiredKeys: [] }).filter((one) => Object.keys(one).length > 0)

const QUEUES = ['a'.repeat(32), 'b'.repeat(32)]
const ages = fc.constantFrom('12h', '1d', '30d')

export const OPTIONS: Readonly<Record<KindName, fc.Arbitrary<unknown>>> = {
  bucketCreation: options({
    locations: some('weur', 'eeur', 'enam'),
    jurisdictions: some('default', 'eu'),
    storageClasses: some('Standard', 'InfrequentAccess'),
  }),
  lifecycle: options({
    minDeleteAge: ages,
    requirePrefix: fc.constant(true),
    minPrefixLength: fc.constantFrom(1, 3, 5),
    prefixes: some('tmp/', 'tmp/a', 'x'),
    keepDefaultAbort: fc.constant(true),
  }),
  cors: options({
    origins: some(
      'https://*.a.example',
      'https://www.a.example',
      'https://*.www.a.example',
      'http://b.example:81',
      'https://w*.a.example',
      'https://ww*.a.example',
    ),
    anyOrigin: fc.boolean(),
    methods: some('GET', 'HEAD', 'PUT'),
    headers: some('x-*', 'X-Custom', '*'),
    maxAgeSeconds: fc.constantFrom(0, 60, 3600),
  }),
  customDomains: options({
    hostnames: some('*.a.example', 'www.a.example', 'b.example'),
    zoneIds: some(...QUEUES),
    minTLS: fc.constantFrom('1.0', '1.1', '1.2', '1.3'),
    maxCount: fc.constantFrom(0, 1, 3),
  }),
  managedDomain: fc.constant({ public: false }),
  eventNotifications: options({ queues: some(...QUEUES), actions: some('PutObject', 'DeleteObject') }),
  locks: fc.oneof(
    options({ neverWeaken: fc.constant(true), minRetention: ages }),
    fc.record({ minRetention: ages, prefixes: some('a/', 'a/b', 'c') }),
  ),
  sippy: options({ providers: some('aws', 'gcs', 's3'), sourceBuckets: some('old-*', 'old-a', '*') }),
}
