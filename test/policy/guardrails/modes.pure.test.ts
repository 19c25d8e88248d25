import { describe, expect, test } from 'vitest'
import { currentNeeds, decide } from '../../../src/policy/decide.ts'
import { violationsOf } from '../../../src/policy/explain.ts'
import { answer, isAllowed, on, policy } from '../tools.ts'

/** Where a guardrail holds, what its mode does, and that every one of them has its say. */

const grants = [{ role: 'owner', buckets: ['*'], jurisdictions: ['*'] }]
const opened = (bucket = 'media-assets', jurisdiction: 'default' | 'eu' = 'default') => ({
  ...on('buckets.domains.managed.update', bucket, jurisdiction),
  body: { enabled: true },
})
const closed = (name: string, more: object = {}) => ({ name, managedDomain: { public: false }, ...more })

describe('a guardrail', () => {
  test('that is violated refuses, and is named', () => {
    const found = answer(policy({ grants, guardrails: [closed('no-r2-dev')] }), opened())
    expect(found).toMatchObject({
      allowed: false,
      code: 'guardrail_violation',
      violations: [{ guardrail: 'no-r2-dev', pointer: '/enabled', value: true, allowed: false }],
    })
  })

  test('that is kept refuses nothing', () => {
    const facts = { ...opened(), body: { enabled: false } }
    expect(isAllowed(policy({ grants, guardrails: [closed('no-r2-dev')] }), facts)).toBe(true)
  })

  test.each(['buckets.domains.managed.list', 'buckets.get', 'buckets.delete', 'buckets.cors.update'])(
    'does not speak of %s, which it does not govern',
    (operation) => {
      const guardrails = [closed('no-r2-dev')]
      expect(isAllowed(policy({ grants, guardrails }), { ...opened(), operation })).toBe(true)
    },
  )

  test.each<[string, object, boolean]>([
    ['another bucket', { buckets: ['other'] }, true],
    ['a glob beside it', { buckets: ['media-prod-*'] }, true],
    ['the bucket', { buckets: ['other', 'media-assets'] }, false],
    ['a glob over it', { buckets: ['media-*'] }, false],
    ['another jurisdiction', { jurisdictions: ['eu'] }, true],
    ['its jurisdiction', { jurisdictions: ['eu', 'default'] }, false],
    ['the bucket in another jurisdiction', { buckets: ['media-assets'], jurisdictions: ['eu'] }, true],
    ['its jurisdiction and another bucket', { buckets: ['other'], jurisdictions: ['default'] }, true],
  ])('that names %s is asked or not: passes is %j', (_, scope, passes) => {
    expect(isAllowed(policy({ grants, guardrails: [closed('g', scope)] }), opened())).toBe(passes)
  })

  test('without a scope holds in every jurisdiction', () => {
    expect(isAllowed(policy({ grants, guardrails: [closed('g')] }), opened('any', 'eu'))).toBe(false)
  })

  test('does not grant what no grant gives', () => {
    const facts = { ...opened(), body: { enabled: false } }
    expect(answer(policy({ grants: [], guardrails: [closed('g')] }), facts)).toMatchObject({
      code: 'forbidden',
    })
  })

  test('is not asked where a deny has spoken', () => {
    const deny = [{ name: 'd', permissions: ['*'], buckets: ['*'] }]
    expect(answer(policy({ grants, deny, guardrails: [closed('g')] }), opened())).toMatchObject({
      code: 'denied',
      rule: { name: 'd' },
    })
  })

  test('binds a key with a scope too', () => {
    const guarded = policy({ grants, guardrails: [closed('g')] }, {}, { role: 'admin' })
    expect(isAllowed(guarded, opened())).toBe(false)
  })
})

describe.each(['warn', 'shadow'] as const)('mode %s', (mode) => {
  const lenient = policy({ grants, guardrails: [closed('g', { mode })] })

  test('lets a violation pass', () => {
    expect(isAllowed(lenient, opened())).toBe(true)
  })

  test('puts the violation on record', () => {
    const { verdicts } = { verdicts: [], ...decide(lenient, opened()) }
    expect(violationsOf(verdicts, mode)).toMatchObject([{ guardrail: 'g', pointer: '/enabled' }])
  })

  test('is not mixed up with another mode', () => {
    const { verdicts } = { verdicts: [], ...decide(lenient, opened()) }
    const others = (['enforce', 'warn', 'shadow'] as const).filter((other) => other !== mode)
    expect(others.flatMap((other) => violationsOf(verdicts, other))).toEqual([])
  })

  test('does not soften a guardrail that enforces', () => {
    const guardrails = [closed('soft', { mode }), closed('hard')]
    expect(answer(policy({ grants, guardrails }), opened())).toMatchObject({
      violations: [{ guardrail: 'hard' }],
    })
  })
})

test('the organization and the team both have their say, with everything that is wrong', () => {
  const organization = {
    guardrails: [
      { name: 'no-star', cors: { anyOrigin: false } },
      { name: 'short', cors: { maxAgeSeconds: 60 } },
    ],
  }
  const guardrails = [{ name: 'ours', cors: { origins: ['https://*.media.example.com'], methods: ['GET'] } }]
  const body = { rules: [{ allowed: { origins: ['*'], methods: ['PUT'] }, maxAgeSeconds: 61 }] }
  const facts = { ...on('buckets.cors.update', 'media-assets'), body }
  const decision = decide(policy({ grants, guardrails }, { organization }), facts)
  const verdicts = decision.allowed || decision.reason.kind !== 'guardrail' ? [] : decision.reason.verdicts
  expect(violationsOf(verdicts, 'enforce').map((one) => [one.guardrail, one.pointer])).toEqual([
    ['no-star', '/rules/0/allowed/origins/0'],
    ['short', '/rules/0/allowed/origins/0'],
    ['short', '/rules/0/maxAgeSeconds'],
    ['ours', '/rules/0/allowed/origins/0'],
    ['ours', '/rules/0/allowed/methods/0'],
  ])
})

test("a team's guardrail does not loosen the organization's", () => {
  const organization = { guardrails: [{ name: 'all', cors: { origins: ['https://a.example.com'] } }] }
  const guardrails = [{ name: 'ours', cors: { anyOrigin: true } }]
  const body = { rules: [{ allowed: { origins: ['*'], methods: ['GET'] } }] }
  const facts = { ...on('buckets.cors.update', 'media-assets'), body }
  expect(isAllowed(policy({ grants, guardrails }, { organization }), facts)).toBe(false)
})

describe('what must be read before a change is judged', () => {
  const needs = (operation: string, ...guardrails: unknown[]) =>
    currentNeeds(policy({ grants, guardrails }), on(operation, 'media-assets')).map(
      ({ operation }) => operation,
    )
  const locks = { name: 'l', locks: { neverWeaken: true } }
  const domains = (options: object) => ({ name: 'd', customDomains: options })

  test.each<[string, object, string, string[]]>([
    ['neverWeaken', locks, 'buckets.locks.update', ['buckets.locks.get']],
    ['neverWeaken', locks, 'buckets.delete', ['buckets.locks.get']],
    ['minRetention', { name: 'l', locks: { minRetention: '1d' } }, 'buckets.locks.update', []],
    ['minRetention', { name: 'l', locks: { minRetention: '1d' } }, 'buckets.delete', ['buckets.locks.get']],
    ['minTLS', domains({ minTLS: '1.2' }), 'buckets.domains.custom.create', []],
    ['minTLS', domains({ minTLS: '1.2' }), 'buckets.domains.custom.update', ['buckets.domains.custom.get']],
    ['maxCount', domains({ maxCount: 1 }), 'buckets.domains.custom.create', ['buckets.domains.custom.list']],
    ['maxCount', domains({ maxCount: 1 }), 'buckets.domains.custom.update', []],
    ['hostnames', domains({ hostnames: [] }), 'buckets.domains.custom.update', []],
    ['neverWeaken on another bucket', { ...locks, buckets: ['other'] }, 'buckets.locks.update', []],
    ['neverWeaken of another operation', locks, 'buckets.get', []],
  ])('for %s (%j) at %s is %j', (_, guardrail, operation, expected) => {
    expect(needs(operation, guardrail)).toEqual(expected)
  })

  test('is read once for two that need it', () => {
    expect(needs('buckets.locks.update', locks, { ...locks, name: 'm' })).toEqual(['buckets.locks.get'])
  })

  test.each([
    ['enforce', true],
    ['warn', false],
    ['shadow', false],
  ])('is what the change hangs on only where a guardrail enforces: in mode %s it is %j', (mode, enforced) => {
    const guardrails = [{ ...locks, mode }]
    expect(currentNeeds(policy({ grants, guardrails }), on('buckets.delete', 'media-assets'))).toEqual([
      { operation: 'buckets.locks.get', enforced },
    ])
  })

  test('is what the change hangs on where one of two enforces', () => {
    const guardrails = [
      { ...locks, mode: 'warn' },
      { ...locks, name: 'm' },
    ]
    expect(currentNeeds(policy({ grants, guardrails }), on('buckets.delete', 'media-assets'))).toEqual([
      { operation: 'buckets.locks.get', enforced: true },
    ])
  })
})
