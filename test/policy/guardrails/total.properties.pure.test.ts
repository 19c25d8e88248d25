import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Change, Violation } from '../../../src/policy/guardrails/guardrail.ts'
import { KIND_NAMES, type KindName } from '../../../src/policy/guardrails/index.ts'
import { rounds } from '../../rounds.ts'
import { judge } from './judge.ts'

/** Guardrails are total: whatever JSON is sent, and whatever is there, they answer. */

const HEX = 'd41d8cd98f00b204e9800998ecf8427e'

const STRICT: Record<KindName, { options: unknown; operations: readonly string[] }> = {
  bucketCreation: {
    options: { locations: ['weur'], jurisdictions: ['eu'], storageClasses: ['Standard'] },
    operations: ['buckets.create', 'buckets.edit', 'buckets.lifecycle.update'],
  },
  lifecycle: {
    options: {
      minDeleteAge: '30d',
      requirePrefix: true,
      minPrefixLength: 2,
      prefixes: ['a/'],
      keepDefaultAbort: true,
    },
    operations: ['buckets.lifecycle.update'],
  },
  cors: {
    options: { origins: ['https://*.a.example'], methods: ['GET'], headers: ['x-*'], maxAgeSeconds: 60 },
    operations: ['buckets.cors.update'],
  },
  customDomains: {
    options: { hostnames: ['*.a.example'], zoneIds: [HEX], minTLS: '1.2', maxCount: 2 },
    operations: [
      'buckets.domains.custom.create',
      'buckets.domains.custom.update',
      'buckets.domains.custom.delete',
    ],
  },
  managedDomain: { options: { public: false }, operations: ['buckets.domains.managed.update'] },
  eventNotifications: {
    options: { queues: [HEX], actions: ['PutObject'] },
    operations: ['buckets.eventNotifications.update', 'buckets.eventNotifications.delete'],
  },
  locks: {
    options: { neverWeaken: true, minRetention: '30d' },
    operations: ['buckets.locks.update', 'buckets.delete'],
  },
  sippy: {
    options: { providers: ['s3'], sourceBuckets: ['https://s3.a.example/*'] },
    operations: ['buckets.sippy.update'],
  },
}

/** Bodies that nearly fit: the right keys, with anything below them. */
const KEYS = [
  'rules',
  'enabled',
  'conditions',
  'condition',
  'prefix',
  'deleteObjectsTransition',
  'type',
  'maxAge',
  'maxAgeSeconds',
  'date',
  'allowed',
  'origins',
  'methods',
  'headers',
  'domain',
  'zoneId',
  'minTLS',
  'domains',
  'actions',
  'source',
  'provider',
  'bucket',
  'bucketUrl',
  'accountName',
  'container',
  'locationHint',
  'storageClass',
  'id',
  '__proto__',
  'toString',
]
const TEXTS = ['Age', 'Date', 'Indefinite', 's3', 'azure', '1.3', 'https://[', 'https://x.a.example', '*', '']

const leaf = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
)
const { value: nearly } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 4 }),
  ),
}))
const body = fc.oneof(nearly, fc.jsonValue(), fc.constant(undefined))

const change = (operations: readonly string[]): fc.Arbitrary<Change> =>
  fc.record({
    operation: fc.constantFrom(...operations),
    jurisdiction: fc.constantFrom('default', 'eu', ''),
    domain: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
    queueId: fc.option(fc.string(), { nil: undefined }),
    body,
    current: fc.option(
      fc.dictionary(
        fc.constantFrom('buckets.locks.get', 'buckets.domains.custom.get', 'buckets.domains.custom.list'),
        body,
      ),
      { nil: undefined },
    ),
    now: fc.option(fc.integer(), { nil: undefined }),
  })

const isWhole = ({ pointer, message }: Violation) =>
  /^(\/[^/]*)*$/.test(pointer) && typeof message === 'string' && message !== ''

describe.each(KIND_NAMES)('%s', (kind) => {
  const { options, operations } = STRICT[kind]

  test('answers whatever is asked with whole violations, and never throws', () => {
    fc.assert(
      fc.property(change(operations), (change) => {
        expect(judge(kind, options, change).every(isWhole)).toBe(true)
      }),
      { numRuns: rounds(150) },
    )
  })

  test('judges the same change always the same', () => {
    fc.assert(
      fc.property(change(operations), (change) => {
        expect(judge(kind, options, change)).toEqual(judge(kind, options, structuredClone(change)))
      }),
      { numRuns: rounds(40) },
    )
  })

  test('changes nothing of what it judges', () => {
    fc.assert(
      fc.property(change(operations), (change) => {
        const before = structuredClone(change)
        judge(kind, options, change)
        expect(change).toEqual(before)
      }),
      { numRuns: rounds(40) },
    )
  })
})
