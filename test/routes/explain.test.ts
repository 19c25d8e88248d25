import { describe, expect, test } from 'vitest'
import { brokenPolicyStatements } from '../../src/store/policies.ts'
import {
  applyPolicy,
  call,
  createKey,
  emulator,
  everything,
  keyWithGrants,
  problemOf,
  run,
} from '../harness.ts'
import { BUCKET, DOMAIN, QUEUE, ZONE } from './examples.ts'
import { explained, post } from './explain-asking.ts'
import { ask, cases, freeKey, guardedKey } from './guardrails-cases.ts'

/** The full decision of a request that is only imagined: every rule considered, and the one that decided. */

const get = { operation: 'buckets.get', bucket: BUCKET }
const admin = { role: 'admin', buckets: ['media-*'], jurisdictions: ['default', 'eu'] }

test('a request that is allowed names the grant that decided', async () => {
  const key = await keyWithGrants({ role: 'viewer', buckets: ['other'] }, admin)
  expect(await explained(key, get)).toEqual({
    team: 'team',
    operation: 'buckets.get',
    jurisdiction: 'default',
    bucket: BUCKET,
    allowed: true,
    decidedBy: { kind: 'grant', rule: 'teams.team.grants[1]', role: 'admin' },
    grants: [
      {
        rule: 'teams.team.grants[0]',
        role: 'viewer',
        buckets: ['other'],
        jurisdictions: ['default'],
        givesPermission: true,
        coversBucket: false,
      },
      {
        rule: 'teams.team.grants[1]',
        role: 'admin',
        buckets: ['media-*'],
        jurisdictions: ['default', 'eu'],
        givesPermission: true,
        coversBucket: true,
      },
    ],
    deny: [],
    guardrails: [],
    smallestGrant: null,
    smallestScope: null,
  })
})

test.each([
  ['gives the permission elsewhere', { role: 'admin', buckets: ['other'] }, true, false],
  ['covers the bucket without the permission', { role: 'viewer', buckets: ['media-*'] }, false, true],
  ['covers the bucket in another jurisdiction', { ...admin, jurisdictions: ['eu'] }, true, false],
  ['does neither', { role: 'viewer', buckets: ['other'] }, false, false],
])('a grant that %s is considered as that', async (_, grant, givesPermission, coversBucket) => {
  const { allowed, grants } = await explained(await keyWithGrants(grant), {
    operation: 'buckets.delete',
    bucket: BUCKET,
  })
  expect({ allowed, grants }).toMatchObject({ allowed: false, grants: [{ givesPermission, coversBucket }] })
})

test('a request that nothing grants says so, with the code and words of the refusal itself', async () => {
  const key = await keyWithGrants()
  const found = await explained(key, get)
  const problem = await problemOf(call(`/v1/buckets/${BUCKET}`, { key }))
  expect(found).toMatchObject({
    allowed: false,
    code: problem.code,
    detail: problem.detail,
    decidedBy: { kind: 'no-grant' },
  })
})

test('a request that a deny forbids names it among those considered', async () => {
  const rule = (name: string, buckets: string[]) => ({ name, permissions: ['buckets.get'], buckets })
  await applyPolicy({
    organization: { deny: [rule('elsewhere', ['other'])] },
    teams: { team: { grants: [everything], deny: [rule('here', ['media-*'])] } },
  })
  expect(await explained(await createKey('team'), get)).toMatchObject({
    allowed: false,
    code: 'denied',
    decidedBy: { kind: 'deny', rule: 'here', from: 'team' },
    deny: [
      { rule: 'elsewhere', from: 'organization', denies: false },
      { rule: 'here', from: 'team', denies: true },
    ],
    smallestGrant: null,
  })
})

test("a request that the key's scope leaves out says so, and offers no grant", async () => {
  await keyWithGrants(everything)
  const key = await createKey('team', { buckets: ['other'] })
  expect(await explained(key, get)).toMatchObject({
    allowed: false,
    code: 'forbidden',
    decidedBy: { kind: 'out-of-scope' },
    smallestGrant: null,
  })
})

test('under a policy that cannot be read everything is denied, and says so', async () => {
  await run(brokenPolicyStatements('no valid YAML'))
  expect(await explained(await createKey('team'), get)).toMatchObject({
    allowed: false,
    code: 'forbidden',
    decidedBy: { kind: 'broken-policy' },
    smallestGrant: null,
  })
})

test('a jurisdiction is asked for by name, and is default otherwise', async () => {
  const key = await keyWithGrants({ ...admin, jurisdictions: ['eu'] })
  expect(await explained(key, { ...get, jurisdiction: 'eu' })).toMatchObject({
    allowed: true,
    jurisdiction: 'eu',
  })
  expect(await explained(key, get)).toMatchObject({ allowed: false, jurisdiction: 'default' })
})

describe.each(cases)(
  'the guardrail of kind $kind',
  ({ kind, options, operation, path, refused, passes, violation }) => {
    const guardrails = [
      { name: 'strict', [kind]: options },
      { name: 'soft', mode: 'warn', [kind]: options },
      { name: 'silent', mode: 'shadow', [kind]: options },
      { name: 'elsewhere', buckets: ['other'], [kind]: options },
    ]
    const question = {
      operation,
      ...(operation !== 'buckets.create' && { bucket: BUCKET }),
      ...(path.includes(QUEUE) && { queueId: QUEUE }),
    }

    test('tells its verdict on a value that it refuses, beside those that only look', async () => {
      const found = await explained(await guardedKey(...guardrails), { ...question, body: refused })
      const violated = { from: 'team', kind, verdict: 'violated', violations: [violation] }
      expect(found).toMatchObject({
        allowed: false,
        code: 'guardrail_violation',
        decidedBy: { kind: 'guardrail', rules: ['strict'] },
        guardrails: [
          { guardrail: 'strict', mode: 'enforce', ...violated },
          { guardrail: 'soft', mode: 'warn', ...violated },
          { guardrail: 'silent', mode: 'shadow', ...violated },
        ],
        smallestGrant: null,
      })
      expect(found.guardrails).toHaveLength(3)
    })

    test('tells its verdict on a value that it lets pass', async () => {
      const found = await explained(await guardedKey(...guardrails), { ...question, body: passes })
      expect(found).toMatchObject({ allowed: true, decidedBy: { kind: 'grant' } })
      expect(found.guardrails.map(({ guardrail, verdict }) => [guardrail, verdict])).toEqual([
        ['strict', 'passes'],
        ['soft', 'passes'],
        ['silent', 'passes'],
      ])
    })

    test('sends nothing upstream to be explained', async () => {
      const key = await guardedKey(...guardrails)
      await explained(key, { ...question, body: refused })
      await explained(key, { ...question, body: passes })
      expect(await emulator.received()).toEqual([])
    })
  },
)

describe('a guardrail that compares', () => {
  const lock = (maxAgeSeconds: number) => ({
    rules: [{ id: 'keep', enabled: true, condition: { type: 'Age', maxAgeSeconds } }],
  })
  const question = { operation: 'buckets.locks.update', bucket: BUCKET }
  const neverWeaken = { name: 'kept', locks: { neverWeaken: true } }

  test.each([
    [60, false],
    [120, true],
  ])(
    'is explained against what is there: a lock of %d seconds for 120 is allowed: %j',
    async (seconds, allowed) => {
      await ask({ method: 'PUT', path: `/buckets/${BUCKET}/lock` }, await freeKey(), lock(120))
      const found = await explained(await guardedKey(neverWeaken), { ...question, body: lock(seconds) })
      expect(found.allowed).toBe(allowed)
    },
  )

  test('reads what is there and sends nothing else', async () => {
    await explained(await guardedKey(neverWeaken), { ...question, body: lock(60) })
    const sent = await emulator.received()
    expect(sent.map(({ method, operation }) => [method, operation])).toEqual([['GET', 'buckets.locks.get']])
  })

  test('is not read for where nothing grants the request', async () => {
    await applyPolicy({ teams: { team: { guardrails: [neverWeaken] } } })
    await explained(await createKey('team'), { ...question, body: lock(60) })
    expect(await emulator.received()).toEqual([])
  })

  test('answers a named error when it cannot be read', async () => {
    const key = await guardedKey(neverWeaken)
    await emulator.faults({ operation: 'buckets.locks.get', times: 9, status: 500 })
    const problem = await problemOf(post(key, { ...question, body: lock(60) }))
    expect(problem).toMatchObject({ status: 502, code: 'upstream_error' })
  })

  test('asks for the domain that is named', async () => {
    const path = `/buckets/${BUCKET}/domains/custom`
    const domain = { domain: DOMAIN, zoneId: ZONE, enabled: true }
    await ask({ method: 'POST', path }, await freeKey(), domain)
    const key = await guardedKey({ name: 'floor', customDomains: { minTLS: '1.2' } })
    const question = { operation: 'buckets.domains.custom.update', bucket: BUCKET, domain: DOMAIN }
    expect(await explained(key, { ...question, body: { enabled: false } })).toMatchObject({
      allowed: false,
      guardrails: [{ violations: [{ pointer: '/minTLS', value: '1.0' }] }],
    })
  })
})

test('an explanation wants a key', async () => {
  const response = await call('/v1/explain', { method: 'POST', body: get })
  expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/)
  expect(await problemOf(response)).toMatchObject({ status: 401, code: 'unauthenticated' })
})
