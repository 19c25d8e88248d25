import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Facts } from '../../src/policy/decide.ts'
import { operationNames } from '../../src/routes/index.ts'
import { rounds } from '../rounds.ts'
import { bucketName } from './arbitraries.ts'
import { answer, isAllowed, on, policy } from './tools.ts'

/** One of every kind, as strict as can be. */
const KINDS = {
  bucketCreation: { locations: ['weur'], jurisdictions: ['eu'], storageClasses: ['Standard'] },
  lifecycle: { minDeleteAge: '30d', requirePrefix: true },
  cors: { origins: ['https://*.example.com'], methods: ['GET'], headers: ['x-*'], maxAgeSeconds: 60 },
  customDomains: { hostnames: ['*.example.com'], zoneIds: ['0'.repeat(32)], minTLS: '1.2', maxCount: 2 },
  managedDomain: { public: false },
  eventNotifications: { queues: ['0'.repeat(32)], actions: ['PutObject'] },
  locks: { neverWeaken: true, minRetention: '30d' },
  sippy: { providers: ['aws'], sourceBuckets: ['legacy-*'] },
}

const grants = [{ role: 'owner', buckets: ['*'], jurisdictions: ['*'] }]
const guardrails = (mode: string) =>
  Object.entries(KINDS).map(([kind, options], index) => ({ name: `rule-${index}`, mode, [kind]: options }))
const free = policy({ grants })
const under = (mode: string) => policy({ grants, guardrails: guardrails(mode) })

/** Whatever could be asked, most of it nonsense: fields of the real bodies with anything in them. */
const fields = [
  'rules',
  'enabled',
  'domain',
  'zoneId',
  'minTLS',
  'source',
  'name',
  'storageClass',
  'allowed',
  'condition',
]
const anything = fc.anything({ key: fc.constantFrom(...fields), maxDepth: 4, withNullPrototype: true })
const facts: fc.Arbitrary<Facts> = fc.record(
  {
    operation: fc.constantFrom(...operationNames),
    jurisdiction: fc.constantFrom('default' as const, 'eu' as const),
    bucket: fc.option(bucketName),
    domain: fc.option(fc.string(), { nil: undefined }),
    queueId: fc.option(fc.string(), { nil: undefined }),
    body: anything,
    current: fc.dictionary(fc.constantFrom(...operationNames), anything),
    now: fc.integer(),
  },
  { requiredKeys: ['operation', 'jurisdiction', 'bucket'] },
)
const runs = { numRuns: rounds(200) }

test('no value, however odd, makes a decision throw, and no guardrail allows more', () => {
  const enforced = under('enforce')
  fc.assert(
    fc.property(facts, (facts) => {
      expect(isAllowed(free, facts) || !isAllowed(enforced, facts)).toBe(true)
    }),
    runs,
  )
})

test.each(['warn', 'shadow'])('a guardrail in mode %s refuses nothing', (mode) => {
  const policy = under(mode)
  fc.assert(
    fc.property(facts, (facts) => {
      expect(isAllowed(policy, facts)).toBe(isAllowed(free, facts))
    }),
    runs,
  )
})

test('the same facts are judged the same, whenever they are asked', () => {
  const enforced = under('enforce')
  fc.assert(
    fc.property(facts, (facts) => {
      expect(answer(enforced, facts)).toEqual(answer(enforced, facts))
    }),
    { numRuns: rounds(100) },
  )
})

test('a change whose values are missing is refused by a guardrail that must see them', () => {
  const enforced = under('enforce')
  const blind = ['buckets.create', 'buckets.lifecycle.update', 'buckets.cors.update', 'buckets.sippy.update']
  expect(blind.filter((operation) => isAllowed(enforced, on(operation, 'media-assets', 'eu')))).toEqual([])
})
