import { describe, expect, test } from 'vitest'
import { mayNotify } from '../../src/policy/queues.ts'
import { answer, isAllowed, on, parse, policy } from './tools.ts'

/** Zones, queues and sources are the account's: closed by default, a guardrail must name those that a bucket may use. */

const ZONE = '023e105f4ecef8ad9ca31a8372d0c353'
const QUEUE = 'd41d8cd98f00b204e9800998ecf8427e'
const grants = [{ role: 'owner', buckets: ['*'], jurisdictions: ['*'] }]
const closed = { organization: { closedByDefault: true } }

const domain = { domain: 'www.example.com', zoneId: ZONE, enabled: true, minTLS: '1.3' }
const source = { source: { provider: 'aws', bucket: 'old' }, destination: { provider: 'r2' } }
const there = { 'buckets.domains.custom.get': domain }

const OPEN = [
  { ...on('buckets.domains.custom.create', 'media-a'), body: domain },
  {
    ...on('buckets.domains.custom.update', 'media-a'),
    domain: 'www.example.com',
    body: { enabled: true },
    current: there,
  },
  {
    ...on('buckets.eventNotifications.update', 'media-a'),
    queueId: QUEUE,
    body: { rules: [{ actions: [] }] },
  },
  { ...on('buckets.sippy.update', 'media-a'), body: source },
]
const naming = [
  { name: 'zones', customDomains: { zoneIds: [ZONE] } },
  { name: 'queues', eventNotifications: { queues: [QUEUE] } },
  { name: 'sources', sippy: { sourceBuckets: ['old'] } },
]

describe.each(OPEN)('$operation', (facts) => {
  test('is open to whoever has the permission, unless the organization says otherwise', () => {
    expect(isAllowed(policy({ grants }), facts)).toBe(true)
    expect(isAllowed(policy({ grants }, { organization: { closedByDefault: false } }), facts)).toBe(true)
  })

  test('is refused where no guardrail names what may be used, and the refusal says so', () => {
    expect(answer(policy({ grants }, closed), facts)).toMatchObject({
      allowed: false,
      code: 'guardrail_violation',
      violations: [{ guardrail: 'closed-by-default', pointer: '', value: null }],
    })
  })

  test.each(['team', 'organization'])('passes where a guardrail of the %s names it', (part) => {
    const organization = { ...closed.organization, ...(part === 'organization' && { guardrails: naming }) }
    const team = { grants, ...(part === 'team' && { guardrails: naming }) }
    expect(isAllowed(policy(team, { organization }), facts)).toBe(true)
  })

  test.each([{ mode: 'warn' }, { mode: 'shadow' }, { buckets: ['other-*'] }, { jurisdictions: ['eu'] }])(
    'is not opened by a guardrail that has %j',
    (change) => {
      const guardrails = naming.map((one) => ({ ...one, ...change }))
      expect(isAllowed(policy({ grants, guardrails }, closed), facts)).toBe(false)
    },
  )
})

test('hostnames name what zones would', () => {
  const guardrails = [{ name: 'hosts', customDomains: { hostnames: ['*.example.com'] } }]
  expect(OPEN.slice(0, 2).map((facts) => isAllowed(policy({ grants, guardrails }, closed), facts))).toEqual([
    true,
    true,
  ])
})

test.each([
  { ...on('buckets.domains.custom.delete', 'media-a'), domain: 'www.example.com' },
  { ...on('buckets.eventNotifications.delete', 'media-a'), queueId: QUEUE },
])('$operation could take away what is somebody else’s, and needs a guardrail too', (facts) => {
  expect(isAllowed(policy({ grants }, closed), facts)).toBe(false)
  expect(isAllowed(policy({ grants, guardrails: naming }, closed), facts)).toBe(true)
})

test('Sippy may always be turned off', () => {
  expect(isAllowed(policy({ grants }, closed), on('buckets.sippy.delete', 'media-a'))).toBe(true)
})

test('a deny and a missing grant come first, as ever', () => {
  expect(OPEN.map((facts) => answer(policy({}, closed), facts).code)).toEqual(Array(4).fill('forbidden'))
})

test('queues are shown to whom some bucket may use them', () => {
  const other = 'a'.repeat(32)
  const named = [{ name: 'queues', buckets: ['media-*'], eventNotifications: { queues: [QUEUE] } }]
  const shown = (guardrails: unknown[]) =>
    [QUEUE, other].map((one) => mayNotify(policy({ grants, guardrails }, closed), one))
  expect(shown([])).toEqual([false, false])
  expect(shown(named)).toEqual([true, false])
})

test('no rule of a document takes the name of the one that closes', () => {
  const rule = { name: 'closed-by-default', managedDomain: { public: false } }
  const document = (organization: object) => ({
    version: 1,
    organization,
    teams: { team: { guardrails: [rule] } },
  })
  expect(parse(document({ closedByDefault: true })).success).toBe(false)
  expect(parse(document({})).success).toBe(true)
})
