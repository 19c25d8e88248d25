import { runDurableObjectAlarm } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test } from 'vitest'
import { call, createKey, emulator, everything, keyWithGrants, problemOf } from '../harness.ts'
import { BUCKET } from '../routes/examples.ts'
import { put as putRecord } from './records.ts'
import { lockNow, lockOf, putLock, undo } from './undoing.ts'
import { idOf, writtenBy } from './written.ts'

/** What can be asked to be undone, and how. */

async function locked(seconds = 60) {
  const key = await keyWithGrants(everything)
  return { key, id: idOf(await putLock(key, seconds)) }
}

async function expectNothingSent(work: () => Promise<unknown>): Promise<void> {
  const sent = (await emulator.received()).length
  const { records } = await writtenBy(work)
  expect(records).toEqual([])
  expect(await emulator.received()).toHaveLength(sent)
}

describe('a change that did not happen is not undone:', () => {
  test('a denied one', async () => {
    await keyWithGrants(everything)
    const id = idOf(await putLock(await createKey('team', { role: 'viewer' }), 60))
    const key = await createKey('team')
    await expectNothingSent(async () => {
      expect(await problemOf(undo(key, id))).toMatchObject({ status: 409, code: 'not_revertible' })
    })
  })

  test('one that Cloudflare refused', async () => {
    const key = await keyWithGrants(everything)
    await emulator.faults({ operation: 'buckets.locks.update', status: 409 })
    const id = idOf(await putLock(key, 60))
    await expectNothingSent(async () => {
      expect(await problemOf(undo(key, id))).toMatchObject({ status: 409, code: 'not_revertible' })
    })
  })

  test('one that is pending', async () => {
    const key = await keyWithGrants(everything)
    await emulator.faults({ operation: 'buckets.locks.update', kind: 'broken-connection', applied: true })
    const id = idOf(await putLock(key, 60))
    await expectNothingSent(async () => {
      const problem = await problemOf(undo(key, id))
      expect(problem).toMatchObject({ status: 409, code: 'not_revertible' })
      expect(problem.detail).toContain('pending')
    })
  })

  test.each(['did_not_happen', 'unknown'] as const)('one whose outcome is %s', async (outcome) => {
    const key = await keyWithGrants(everything)
    const said = {
      team: 'team',
      lane: 'bucket:default/made-up',
      operation: 'buckets.locks.update',
      bucket: BUCKET,
      outcome,
      reconciled: 1,
    }
    const { id } = await putRecord(said, { before: '{"rules":[]}', after: '{"rules":[]}' })
    await expectNothingSent(async () => {
      expect(await problemOf(undo(key, id))).toMatchObject({ status: 409, code: 'not_revertible' })
    })
  })
})

test('a change that was found afterwards to have happened is undone', async () => {
  const key = await keyWithGrants(everything)
  await emulator.faults({ operation: 'buckets.locks.update', kind: 'broken-connection', applied: true })
  const id = idOf(await putLock(key, 60))
  await runDurableObjectAlarm(env.LANES.getByName(`bucket:default/${BUCKET}`))
  expect((await undo(key, id)).status).toBe(200)
  expect(await lockNow()).toEqual({ rules: [] })
})

describe('a change', () => {
  test.each([
    ['no such id', crypto.randomUUID(), 404, 'record_not_found'],
    ['an id in upper case', crypto.randomUUID().toUpperCase(), 400, 'invalid_path'],
    ['no id', 'latest', 400, 'invalid_path'],
    ['an id and more', `${crypto.randomUUID()}0`, 400, 'invalid_path'],
    ['an encoded id', '%31'.repeat(36), 400, 'invalid_path'],
  ])('with %s is not undone', async (_, id, status, code) => {
    const key = await keyWithGrants(everything)
    await expectNothingSent(async () => {
      expect(await problemOf(undo(key, id))).toMatchObject({ status, code })
    })
  })

  test.each([
    ['a body', { body: { force: true } }, 400],
    ['an empty object', { body: {} }, 400],
    ['a body of spaces', { body: ' ' }, 400],
    ['an unknown parameter', { query: '?jurisdiction=eu' }, 400],
    ['force without a value', { query: '?force' }, 400],
    ['force twice', { query: '?force=true&force=true' }, 400],
    ['force as a number', { query: '?force=1' }, 400],
    ['dryRun in another spelling', { query: '?dryrun=true' }, 400],
    ['a weak precondition', { headers: { 'if-match': 'W/"x"' } }, 400],
    ['a malformed idempotency key', { headers: { 'idempotency-key': 'two words' } }, 400],
    ['GET', { method: 'GET' }, 405],
    ['PUT', { method: 'PUT' }, 405],
    ['DELETE', { method: 'DELETE' }, 405],
  ])('asked to be undone with %s is not', async (_, asked, status) => {
    const { key, id } = await locked()
    await expectNothingSent(async () => expect((await undo(key, id, asked)).status).toBe(status))
  })

  test('is not undone without a key', async () => {
    const { id } = await locked()
    await expectNothingSent(async () => {
      expect((await call(`/v1/audit/${id}/revert`, { method: 'POST' })).status).toBe(401)
    })
  })

  test('is undone under a precondition that holds, and not under one that does not', async () => {
    const { key, id } = await locked()
    const tag = (await call(`/v1/buckets/${BUCKET}/lock`, { key })).headers.get('etag') ?? ''
    expect((await undo(key, id, { headers: { 'if-match': '"another"' } })).status).toBe(412)
    expect((await undo(key, id, { headers: { 'if-match': tag } })).status).toBe(200)
  })

  test('is undone with the ETag of what is there then', async () => {
    const { key, id } = await locked()
    const undone = await undo(key, id)
    const read = await call(`/v1/buckets/${BUCKET}/lock`, { key })
    expect(undone.headers.get('etag')).toBe(read.headers.get('etag'))
  })
})

describe('a dry run', () => {
  test('says what would be done, changes nothing and leaves no record', async () => {
    const { key, id } = await locked()
    const sent = (await emulator.changes()).length
    const { result: response, records } = await writtenBy(() => undo(key, id, { query: '?dryRun=true' }))
    expect(await response.json()).toMatchObject({
      allowed: true,
      operation: 'buckets.locks.update',
      bucket: BUCKET,
    })
    expect(records).toEqual([])
    expect(await emulator.changes()).toHaveLength(sent)
    expect(await lockNow()).toEqual(lockOf(60))
  })

  test('says when somebody has changed it since', async () => {
    const { key, id } = await locked()
    await putLock(key, 120)
    expect((await undo(key, id, { query: '?dryRun=true' })).status).toBe(412)
    expect((await undo(key, id, { query: '?dryRun=true&force=true' })).status).toBe(200)
    expect(await lockNow()).toEqual(lockOf(120))
  })

  test('of a change that cannot be undone says so', async () => {
    const key = await keyWithGrants(everything)
    const id = idOf(await call(`/v1/buckets/${BUCKET}`, { key, method: 'DELETE' }))
    expect((await undo(key, id, { query: '?dryRun=true' })).status).toBe(409)
  })
})

describe('under an idempotency key', () => {
  let once: { readonly headers: Record<string, string> }
  beforeEach(() => {
    once = { headers: { 'idempotency-key': crypto.randomUUID() } }
  })

  test('a change is undone once, and the answer repeated', async () => {
    const { key, id } = await locked()
    const [first, second] = [await undo(key, id, once), await undo(key, id, once)]
    expect([first.status, second.status]).toEqual([200, 200])
    expect(await second.json()).toEqual(await first.json())
    expect([first, second].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true'])
    expect(await emulator.changes()).toHaveLength(2)
  })

  test('another change is not undone', async () => {
    const { key, id } = await locked()
    await undo(key, id, once)
    const other = idOf(await putLock(key, 120))
    expect(await problemOf(undo(key, other, once))).toMatchObject({
      status: 422,
      code: 'idempotency_mismatch',
    })
    expect(await lockNow()).toEqual(lockOf(120))
  })

  test('what was refused because of somebody else may be tried again', async () => {
    const { key, id } = await locked()
    await putLock(key, 120)
    expect((await undo(key, id, once)).status).toBe(412)
    await putLock(key, 60)
    expect((await undo(key, id, once)).status).toBe(200)
  })
})
