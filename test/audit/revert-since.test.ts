import { describe, expect, test } from 'vitest'
import { applyPolicy, call, createKey, emulator, everything, keyWithGrants, problemOf } from '../harness.ts'
import { BUCKET } from '../routes/examples.ts'
import { askUpstream } from './past-the-warden.ts'
import { read } from './records.ts'
import { lockNow, lockOf, putLock, putLockPast, undo } from './undoing.ts'
import { idOf, writtenBy } from './written.ts'

/** Undoing is for what is still there: what somebody did since is not undone along with it, unless by force. */

async function changedTo(seconds: number, grants: readonly unknown[] = [everything]) {
  const key = await keyWithGrants(...grants)
  return { key, id: idOf(await putLock(key, seconds)) }
}

describe('a change that somebody has gone over since,', () => {
  test.each([
    ['through the warden', (key: string) => putLock(key, 120)],
    ['past the warden', () => putLockPast(120)],
  ])('%s, is not undone: 412, nothing sent, nothing recorded', async (_, over) => {
    const { key, id } = await changedTo(60)
    await over(key)
    const sent = (await emulator.changes()).length
    const { result: response, records } = await writtenBy(() => undo(key, id))
    expect(await problemOf(response)).toMatchObject({ status: 412, code: 'precondition_failed' })
    expect(records).toEqual([])
    expect(await emulator.changes()).toHaveLength(sent)
    expect(await lockNow()).toEqual(lockOf(120))
  })

  test('is undone when what it left behind is there again', async () => {
    const { key, id } = await changedTo(60)
    await putLockPast(120)
    await putLockPast(60)
    expect((await undo(key, id)).status).toBe(200)
    expect(await lockNow()).toEqual({ rules: [] })
  })

  test('is undone once: a second time it is no longer there', async () => {
    const { key, id } = await changedTo(60)
    expect((await undo(key, id)).status).toBe(200)
    expect((await undo(key, id)).status).toBe(412)
  })

  test('of two that undo it at once, one does', async () => {
    const { key, id } = await changedTo(60)
    const statuses = (await Promise.all([undo(key, id), undo(key, id)])).map(({ status }) => status)
    expect(statuses.sort()).toEqual([200, 412])
  })

  test('is not undone when it is not known what it left behind', async () => {
    const key = await keyWithGrants(everything)
    await emulator.faults({ operation: 'buckets.locks.get', times: 1, delayMs: 0 }) // the read before
    await emulator.faults({ operation: 'buckets.locks.get', times: 9, status: 403 })
    const id = idOf(await putLock(key, 60))
    await emulator.reset()
    expect((await read(key, id)).digests.after).toBeNull()
    expect(await problemOf(undo(key, id))).toMatchObject({ status: 412, code: 'precondition_failed' })
    expect(await emulator.changes()).toEqual([])
  })

  test('the bucket being gone, is not undone', async () => {
    const { key, id } = await changedTo(60)
    await askUpstream(`/r2/buckets/${BUCKET}`, { method: 'DELETE' })
    const sent = (await emulator.changes()).length
    expect((await undo(key, id)).status).toBe(412)
    expect(await emulator.changes()).toHaveLength(sent)
  })
})

describe('by force', () => {
  test('what somebody did since is gone over', async () => {
    const { key, id } = await changedTo(60)
    await putLockPast(120)
    const response = await undo(key, id, { query: '?force=true' })
    expect(response.status).toBe(200)
    expect(await lockNow()).toEqual({ rules: [] })
    expect(await read(key, idOf(response))).toMatchObject({ reverts: id, before: lockOf(120) })
  })

  test('force=false is none', async () => {
    const { key, id } = await changedTo(60)
    await putLockPast(120)
    expect((await undo(key, id, { query: '?force=false' })).status).toBe(412)
  })

  test.each([
    ['has no grant of it', { role: 'admin', buckets: ['*'] }],
    ['has a grant of it on some buckets only', { role: 'owner', buckets: [BUCKET] }],
  ])('a caller who %s is refused, on record, and nothing is sent', async (_, grant) => {
    const { key, id } = await changedTo(60, [grant])
    await putLockPast(120)
    const sent = (await emulator.received()).length
    const { result: response, records } = await writtenBy(() => undo(key, id, { query: '?force=true' }))
    expect(await problemOf(response)).toMatchObject({
      status: 403,
      code: 'forbidden',
      missing: { permission: 'warden.audit.force' },
    })
    expect(records).toMatchObject([
      {
        decision: 'denied',
        operation: 'buckets.locks.update',
        reverts: id,
        code: 'forbidden',
        rule: 'no-grant',
      },
    ])
    expect(await emulator.received()).toHaveLength(sent)
  })

  test('a key whose scope leaves it out is refused', async () => {
    const { id } = await changedTo(60)
    const key = await createKey('team', { permissions: ['buckets.*'] })
    const problem = await problemOf(undo(key, id, { query: '?force=true' }))
    expect(problem).toMatchObject({ status: 403, missing: { permission: 'warden.audit.force' } })
  })

  test('a deny rule against it is named', async () => {
    const deny = [{ name: 'gently', permissions: ['warden.audit.force'], buckets: ['*'] }]
    await applyPolicy({ organization: { deny }, teams: { team: { grants: [everything] } } })
    const key = await createKey('team')
    const id = idOf(await putLock(key, 60))
    const problem = await problemOf(undo(key, id, { query: '?force=true' }))
    expect(problem).toMatchObject({ status: 403, code: 'denied', rule: { name: 'gently' } })
    expect((await undo(key, id)).status).toBe(200)
  })

  test('is no way around the policy of the undoing itself', async () => {
    const { id } = await changedTo(60)
    await applyPolicy({
      roles: { forcer: { permissions: ['warden.audit.force'] } },
      teams: { team: { grants: [{ role: 'forcer', buckets: ['*'] }] } },
    })
    const key = await createKey('team')
    const problem = await problemOf(undo(key, id, { query: '?force=true' }))
    expect(problem).toMatchObject({ status: 403, missing: { permission: 'buckets.locks.update' } })
  })

  test('does what it can when it is not known what the change left behind', async () => {
    const key = await keyWithGrants(everything)
    await emulator.faults({ operation: 'buckets.locks.get', times: 1, delayMs: 0 })
    await emulator.faults({ operation: 'buckets.locks.get', times: 1, status: 403 })
    const id = idOf(await putLock(key, 60))
    expect((await undo(key, id, { query: '?force=true' })).status).toBe(200)
    expect(await lockNow()).toEqual({ rules: [] })
  })

  test('tried with dryRun, says so and sends nothing', async () => {
    const { id } = await changedTo(60)
    await applyPolicy({ teams: { team: { grants: [{ role: 'admin', buckets: ['*'] }] } } })
    const sent = (await emulator.changes()).length
    const response = await undo(await createKey('team'), id, { query: '?force=true&dryRun=true' })
    expect(await response.json()).toMatchObject({ allowed: false, operation: 'warden.audit.force' })
    expect(await emulator.changes()).toHaveLength(sent)
  })
})

test('a bucket that somebody has put objects in is not undone', async () => {
  const key = await keyWithGrants(everything)
  const id = idOf(await call('/v1/buckets', { key, method: 'POST', body: { name: 'media-new' } }))
  await emulator.seed({ buckets: [{ name: 'media-new', objects: 1 }] })
  expect(await problemOf(undo(key, id))).toMatchObject({ status: 409, code: 'bucket_not_empty' })
})
