import { describe, expect, test } from 'vitest'
import { applyPolicy, call, createKey, emulator, everything, keyWithGrants, problemOf } from '../harness.ts'
import { BUCKET } from '../routes/examples.ts'
import { askUpstream } from './past-the-warden.ts'
import { lockNow, lockOf, putLock, putLockPast, type UndoProblem, undo } from './undoing.ts'
import { idOf, writtenBy } from './written.ts'

/** Undoing is a change like any other: the policy of whoever undoes decides it. */

/** A lock that a free key has put there, under a policy that is then another. */
async function lockUnder(policy: Record<string, unknown>, was = 0): Promise<{ key: string; id: string }> {
  if (was > 0) await putLockPast(was)
  const id = idOf(await putLock(await keyWithGrants(everything), 3600))
  await applyPolicy({ teams: { team: policy } })
  return { key: await createKey('team'), id }
}

async function expectDenied(key: string, id: string, denied: object) {
  const sent = (await emulator.changes()).length
  const { result: response, records } = await writtenBy(() => undo(key, id))
  expect(response.status).toBe(403)
  expect(records).toMatchObject([
    { decision: 'denied', outcome: 'denied', operation: 'buckets.locks.update', reverts: id, ...denied },
  ])
  expect(await emulator.changes()).toHaveLength(sent)
  expect(await lockNow()).toEqual(lockOf(3600))
  return response.json<UndoProblem>()
}

test('without a grant of what undoes it, it is refused on record', async () => {
  const { key, id } = await lockUnder({ grants: [{ role: 'viewer', buckets: ['*'] }] })
  const problem = await expectDenied(key, id, { rule: 'no-grant', code: 'forbidden' })
  expect(problem.missing).toMatchObject({ permission: 'buckets.locks.update', bucket: BUCKET })
})

test('what undoes a creation is a deletion, and must be allowed as one', async () => {
  const id = idOf(
    await call('/v1/buckets', {
      key: await keyWithGrants(everything),
      method: 'POST',
      body: { name: 'media-new' },
    }),
  )
  await applyPolicy({
    organization: { deny: [{ name: 'for-ever', permissions: ['buckets.delete'], buckets: ['*'] }] },
    teams: { team: { grants: [everything] } },
  })
  const { result: response, records } = await writtenBy(async () => undo(await createKey('team'), id))
  expect(await problemOf(response)).toMatchObject({ status: 403, code: 'denied', rule: { name: 'for-ever' } })
  expect(records).toMatchObject([
    { operation: 'buckets.delete', rule: 'for-ever', reverts: id, bucket: 'media-new' },
  ])
  expect(await askUpstream('/r2/buckets/media-new')).not.toBeNull()
})

test('a guardrail that the old value violates refuses it', async () => {
  const guardrails = [{ name: 'an-hour', locks: { minRetention: '1h' } }]
  const { key, id } = await lockUnder({ grants: [everything], guardrails }, 60)
  const problem = await expectDenied(key, id, { rule: 'an-hour', code: 'guardrail_violation' })
  expect(problem.violations).toMatchObject([{ guardrail: 'an-hour', value: 60 }])
})

test('a guardrail that compares refuses an undoing that weakens', async () => {
  const guardrails = [{ name: 'kept', locks: { neverWeaken: true } }]
  const { key, id } = await lockUnder({ grants: [everything], guardrails }, 60)
  await expectDenied(key, id, { rule: 'kept', lane: `bucket:default/${BUCKET}` })
})

test('a guardrail that warns lets it pass, and is told', async () => {
  const guardrails = [{ name: 'an-hour', mode: 'warn', locks: { minRetention: '1h' } }]
  const { key, id } = await lockUnder({ grants: [everything], guardrails }, 60)
  const { result: response, records } = await writtenBy(() => undo(key, id))
  expect([response.status, response.headers.get('x-warden-warnings')]).toEqual([
    200,
    expect.stringContaining('an-hour'),
  ])
  expect(records[0]?.warnings).toContain('an-hour')
})

test('the scope of a key narrows what it may undo', async () => {
  const { id } = await lockUnder({ grants: [everything] })
  const key = await createKey('team', { permissions: ['buckets.cors.*'] })
  await expectDenied(key, id, { rule: 'out-of-scope', code: 'forbidden' })
})

describe('the change of another team', () => {
  const teams = {
    one: { grants: [{ role: 'admin', buckets: ['*'] }] },
    other: { grants: [{ role: 'admin', buckets: ['*'] }] },
    owners: { grants: [everything] },
  }
  async function lockOfOne(): Promise<string> {
    await applyPolicy({ teams })
    return idOf(await putLock(await createKey('one'), 60))
  }

  test('is not undone by who may not see it, and not told to be there', async () => {
    const id = await lockOfOne()
    const key = await createKey('other')
    const sent = (await emulator.received()).length
    const { result: responses, records } = await writtenBy(() =>
      Promise.all([id, crypto.randomUUID()].map(async (one) => problemOf(undo(key, one)))),
    )
    const [real, unreal] = responses.map(({ requestId: _, ...problem }) => problem)
    expect(real).toMatchObject({ status: 403, missing: { permission: 'warden.audit.get' } })
    expect(real).toEqual(unreal)
    expect(records).toEqual([])
    expect(await emulator.received()).toHaveLength(sent)
  })

  test('is undone by who may see it, as a change of their own', async () => {
    const id = await lockOfOne()
    const { result: response, records } = await writtenBy(async () => undo(await createKey('owners'), id))
    expect(response.status).toBe(200)
    expect(records).toMatchObject([{ team: 'owners', reverts: id }])
  })

  test('is not undone by a key whose scope leaves its bucket out', async () => {
    const id = await lockOfOne()
    const key = await createKey('owners', { buckets: ['another'] })
    expect((await undo(key, id)).status).toBe(403)
    expect(await lockNow()).toEqual(lockOf(60))
  })
})

describe('a key whose scope is another bucket', () => {
  test('undoes nothing of its own team beyond it', async () => {
    const id = idOf(await putLock(await keyWithGrants(everything), 60))
    const key = await createKey('team', { buckets: ['another'] })
    expect((await undo(key, id)).status).toBe(403)
    expect(await lockNow()).toEqual(lockOf(60))
  })
})

test('a creation is undone within the limit of the team, and its slot is free', async () => {
  await applyPolicy({ teams: { team: { grants: [everything], limits: { buckets: 1 } } } })
  const key = await createKey('team')
  const create = (name: string) => call('/v1/buckets', { key, method: 'POST', body: { name } })
  const id = idOf(await create('media-one'))
  expect((await create('media-two')).status).toBe(403)
  expect((await undo(key, id)).status).toBe(200)
  expect((await create('media-two')).status).toBe(201)
})
