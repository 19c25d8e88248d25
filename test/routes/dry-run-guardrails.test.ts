import { describe, expect, test } from 'vitest'
import { applyPolicy, call, createKey, emulator, everything, keyWithGrants, problemOf } from '../harness.ts'
import { BUCKET, changes, reads } from './examples.ts'
import { explained } from './explain-asking.ts'
import { ask, cases, freeKey, guardedKey } from './guardrails-cases.ts'
import { send } from './perform.ts'

/** A dry run answers what the change would have met, guardrails and what is there included. */

const tryOut = '?dryRun=true'
const FIELDS = [
  'team',
  'operation',
  'jurisdiction',
  'bucket',
  'allowed',
  'decidedBy',
  'grants',
  'deny',
  'guardrails',
  'smallestGrant',
]

describe.each(changes)('$name', (example) => {
  test.each([
    ['allowed', [everything], true],
    ['denied', [], false],
  ])('tried, and %s, answers a whole decision as JSON', async (_, grants, allowed) => {
    const response = await send(example, { key: await keyWithGrants(...grants), query: tryOut })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    const found = await response.json<Record<string, unknown>>()
    expect(found).toMatchObject({ allowed, operation: example.name })
    expect(FIELDS.filter((field) => !(field in found))).toEqual([])
    expect(await emulator.received()).toEqual([])
  })
})

test.each(reads)('$name, which changes nothing, does not know dryRun', async (example) => {
  const problem = await problemOf(send(example, { key: await keyWithGrants(everything), query: tryOut }))
  expect(problem).toMatchObject({
    status: 400,
    code: 'invalid_request',
    errors: [{ in: 'query', pointer: '/dryRun' }],
  })
  expect(await emulator.received()).toEqual([])
})

test.each(['1', 'yes', 'TRUE', 'True', '', 'true,false', ' true', 'on'])(
  'dryRun=%j is refused by name, so that nobody believes in it',
  async (value) => {
    const key = await keyWithGrants(everything)
    const path = `/v1/buckets/${BUCKET}?dryRun=${encodeURIComponent(value)}`
    const problem = await problemOf(call(path, { key, method: 'DELETE' }))
    expect(problem).toMatchObject({ status: 400, errors: [{ in: 'query', pointer: '/dryRun' }] })
    expect(await emulator.received()).toEqual([])
  },
)

test.each([
  'dryRun=true&dryRun=false',
  'dryRun=false&dryRun=true',
  'dryrun=true',
  'dry_run=true',
  'DryRun=true',
])('%s changes nothing', async (query) => {
  const key = await keyWithGrants(everything)
  const response = await call(`/v1/buckets/${BUCKET}?${query}`, { key, method: 'DELETE' })
  expect(response.status).toBe(400)
  expect(await emulator.received()).toEqual([])
})

describe.each(cases)('$kind', (one) => {
  const guardrail = { name: 'the-rule', [one.kind]: one.options }

  test('a violation is found when it is tried, and nothing is sent', async () => {
    const response = await ask(one, await guardedKey(guardrail), one.refused, tryOut)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      allowed: false,
      code: 'guardrail_violation',
      decidedBy: { kind: 'guardrail', rules: ['the-rule'] },
      guardrails: [{ guardrail: 'the-rule', verdict: 'violated', violations: [one.violation] }],
    })
    expect(await emulator.received()).toEqual([])
  })

  test('a change that violates nothing is found to pass, and nothing is sent', async () => {
    const response = await ask(one, await guardedKey(guardrail), one.passes, tryOut)
    expect(await response.json()).toMatchObject({
      allowed: true,
      guardrails: [{ guardrail: 'the-rule', verdict: 'passes', violations: [] }],
    })
    expect(await emulator.received()).toEqual([])
  })

  test.each(['warn', 'shadow'])('a violation in mode %s is found, and allowed', async (mode) => {
    const response = await ask(one, await guardedKey({ ...guardrail, mode }), one.refused, tryOut)
    expect(await response.json()).toMatchObject({
      allowed: true,
      guardrails: [{ mode, verdict: 'violated', violations: [one.violation] }],
    })
  })

  test('what is tried is answered as what is explained', async () => {
    const key = await guardedKey(guardrail)
    const question = {
      operation: one.operation,
      ...(one.path.includes(BUCKET) && { bucket: BUCKET }),
      ...(one.path.includes('/queues/') && { queueId: one.path.split('/').at(-1) }),
      body: one.refused,
    }
    const tried = await (await ask(one, key, one.refused, tryOut)).json()
    expect(tried).toEqual(await explained(key, question))
  })
})

describe('against what is there', () => {
  const lock = { method: 'PUT', path: `/buckets/${BUCKET}/lock` }
  const lockedFor = (maxAgeSeconds: number) => ({
    rules: [{ id: 'keep', enabled: true, condition: { type: 'Age', maxAgeSeconds } }],
  })
  const neverWeaken = { name: 'kept', locks: { neverWeaken: true } }

  test.each([
    [60, false],
    [120, true],
  ])('a lock of %d seconds where there is one of 120 is tried: allowed is %j', async (seconds, allowed) => {
    await ask(lock, await freeKey(), lockedFor(120))
    const response = await ask(lock, await guardedKey(neverWeaken), lockedFor(seconds), tryOut)
    expect(await response.json()).toMatchObject({ allowed })
  })

  test('only what must be compared is read', async () => {
    await ask(lock, await guardedKey(neverWeaken), lockedFor(60), tryOut)
    const sent = await emulator.received()
    expect(sent.map(({ method, operation }) => [method, operation])).toEqual([['GET', 'buckets.locks.get']])
  })

  test('nothing is read where nothing grants the change', async () => {
    await applyPolicy({ organization: { guardrails: [neverWeaken] }, teams: { team: {} } })
    await ask(lock, await createKey('team'), lockedFor(60), tryOut)
    expect(await emulator.received()).toEqual([])
  })

  test('a read that fails is a named error, not a decision', async () => {
    const key = await guardedKey(neverWeaken)
    await emulator.faults({ operation: 'buckets.locks.get', times: 9, status: 503 })
    const problem = await problemOf(ask(lock, key, lockedFor(60), tryOut))
    expect(problem).toMatchObject({ status: 502, code: 'upstream_error' })
  })
})
