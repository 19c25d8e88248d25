import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { findValues } from '../../src/store/audit.ts'
import { MAX_VALUE_BYTES } from '../../src/store/row-limit.ts'
import { faultIn } from '../audit/store.ts'
import { idOf, writtenBy } from '../audit/written.ts'
import { A, envelopeOf } from '../dialects/v4-examples.ts'
import { call, emulator, everything, keyWithGrants, problemOf } from '../harness.ts'
import { v1 } from './dialects.ts'
import { onlyRungAlarms, placed, recordOf, ring, ringLater } from './reconciling.ts'
import { keyed } from './repeating.ts'
import { limitLane, limitStore, shorterAfter } from './row-limits.ts'
import { closing, during } from './trail-away.ts'

/** Nothing is larger in a row than a row may be, and what is too large keeps no lane from going on. */

beforeAll(limitStore)
onlyRungAlarms()

const READS = 'buckets.locks.get'
const UPDATES = 'buckets.locks.update'
const TOO_MUCH = MAX_VALUE_BYTES + 1
const ALMOST = MAX_VALUE_BYTES - 1_000

/** Cloudflare answers with a result of so many bytes. */
const answering = (operation: string, bytes: number, more: Record<string, unknown> = {}) =>
  emulator.faults({
    operation,
    body: JSON.stringify({
      success: true,
      errors: [],
      messages: [],
      result: { rules: [], pad: 'x'.repeat(bytes) },
    }),
    ...more,
  })

/** It answers one read as it is, before others that are told otherwise. */
const readingOnce = () => emulator.faults({ operation: READS, delayMs: 1 })

async function begun() {
  const key = await keyWithGrants(everything)
  const change = await placed(UPDATES)
  await limitLane(change.lane)
  return { key, ...change }
}

/** With an idempotency key of its own. */
const once = (key: string) => keyed(key, crypto.randomUUID())

const parts = async (id: string) => Object.keys(await findValues(env.DB, id)).sort()

describe('what is too large to be recorded is refused before it is sent', () => {
  test('a body that is, as it would be recorded, larger than it was sent: v4', async () => {
    const { key, bucket } = await begun()
    const body = `{"rules":[],"pad":[${'1e20,'.repeat(150_000)}0]}`
    const { result: response, records } = await writtenBy(() =>
      call(`${A}/r2/buckets/${bucket}/lock`, { key, method: 'PUT', body }),
    )
    expect([response.status, response.headers.get('x-should-retry')]).toEqual([413, 'false'])
    const { errors } = await envelopeOf(response)
    expect(errors).toMatchObject([
      { code: 100100, message: expect.stringMatching(/The body takes 3\d{6} bytes/) },
    ])
    expect([records, await emulator.changes()]).toEqual([[], []])
  })

  test('what is there now, however small the change: v1, with the size', async () => {
    const { key, example } = await begun()
    await answering(READS, TOO_MUCH)
    const problem = await problemOf(v1.send(example, { key }))
    expect(problem).toMatchObject({ status: 413, code: 'payload_too_large', most: MAX_VALUE_BYTES })
    expect(z.object({ bytes: z.number() }).parse(problem).bytes).toBeGreaterThan(TOO_MUCH)
    expect(await emulator.changes()).toEqual([])
  })

  test('by the bytes that it takes, not by its characters', async () => {
    const { key, example } = await begun()
    const result = { rules: [], pad: 'é'.repeat(MAX_VALUE_BYTES / 2) }
    await emulator.faults({
      operation: READS,
      body: JSON.stringify({ success: true, errors: [], messages: [], result }),
    })
    expect((await v1.send(example, { key })).status).toBe(413)
  })

  test('and the lane goes on', async () => {
    const { key, example, lane } = await begun()
    await answering(READS, TOO_MUCH)
    await v1.send(example, { key })
    expect((await v1.send(example, { key })).status).toBe(204)
    expect(await faultIn(lane)).toBeNull()
  })

  test('even when it is only tried', async () => {
    const { key, bucket } = await begun()
    await answering(READS, TOO_MUCH)
    const response = await call(`/v1/buckets/${bucket}/lock?dryRun=true`, {
      key,
      method: 'PUT',
      body: { rules: [] },
      headers: { 'if-match': '*' },
    })
    expect(response.status).toBe(413)
  })
})

test('what has just room is recorded whole', async () => {
  const { key, example, lane } = await begun()
  await answering(READS, ALMOST, { times: 2 })
  const response = await v1.send(example, { key })
  expect(response.status).toBe(204)
  expect(await parts(idOf(response))).toEqual(['after', 'before', 'body'])
  expect(await faultIn(lane)).toBeNull()
})

describe('a configuration that is too large only afterwards', () => {
  test('is left out of the record, which is closed without it', async () => {
    const { key, example, lane } = await begun()
    await readingOnce()
    await answering(READS, TOO_MUCH)
    const response = await v1.send(example, { key })
    expect(response.status).toBe(204)
    expect(await recordOf(idOf(response))).toMatchObject({ outcome: 'happened', afterDigest: null })
    expect(await parts(idOf(response))).toEqual(['before', 'body'])
    expect(await faultIn(lane)).toBeNull()
  })

  test('is left out when it is found later, too', async () => {
    const { key, example, lane } = await begun()
    await emulator.faults({ operation: UPDATES, kind: 'broken-connection' })
    const id = idOf(await v1.send(example, { key }))
    await answering(READS, TOO_MUCH, { times: 3 })
    await ringLater(lane)
    expect(await recordOf(id)).toMatchObject({ outcome: 'unknown', reconciled: 1, afterDigest: null })
    expect(await faultIn(lane)).toBeNull()
  })
})

describe('an answer that is too large to be kept', () => {
  test('is given once, and a repetition under its idempotency key is told so', async () => {
    const { key, bucket } = await begun()
    const path = `/v1/buckets/${bucket}/domains/managed`
    const asked = { method: 'PUT', body: { enabled: true }, ...once(key) }
    await answering('buckets.domains.managed.update', TOO_MUCH, { applied: true })
    const first = await call(path, asked)
    const again = await call(path, asked)
    expect(await problemOf(again)).toMatchObject({
      status: 409,
      code: 'idempotency_conflict',
      detail: `The first answer under this key was too large to be kept: see GET /v1/audit/${idOf(first)}.`,
    })
    expect((await recordOf(idOf(first))).outcome).toBe('happened')
    expect(await emulator.changes()).toHaveLength(1)
  })

  test('is left out when Cloudflare refused, too', async () => {
    const { key, example } = await begun()
    const asking = once(key)
    const errors = [{ code: 10_040, message: 'x'.repeat(TOO_MUCH) }]
    const refusal = JSON.stringify({ success: false, errors, messages: [], result: null })
    await emulator.faults({ operation: UPDATES, status: 400, body: refusal })
    const first = idOf(await v1.send(example, asking))
    expect((await recordOf(first)).outcome).toBe('refused')
    expect((await v1.send(example, asking)).status).toBe(409)
  })

  test('is left out when it is not known what happened, too', async () => {
    const { key, example } = await begun()
    const asking = once(key)
    const errors = [{ code: 10_001, message: 'x'.repeat(TOO_MUCH) }]
    const failure = JSON.stringify({ success: false, errors, messages: [], result: null })
    await emulator.faults({ operation: UPDATES, status: 500, body: failure })
    expect((await v1.send(example, asking)).status).toBe(502)
    expect((await v1.send(example, asking)).status).toBe(409)
  })
})

describe('while the store is away, the lane keeps', () => {
  test('a configuration and an answer that have just room, each in a row of its own', async () => {
    const { key, bucket, lane } = await begun()
    const asked = { method: 'PUT', body: { enabled: true }, ...once(key) }
    const path = `${A}/r2/buckets/${bucket}/domains/managed`
    await emulator.faults({ operation: 'buckets.domains.managed.list', delayMs: 1 })
    await answering('buckets.domains.managed.update', ALMOST, { applied: true })
    await answering('buckets.domains.managed.list', ALMOST)
    const first = await during(closing, () => call(path, asked))
    expect((await recordOf(idOf(first))).outcome).toBe('pending')
    expect(await ring(lane)).toBe(true)
    expect(await recordOf(idOf(first))).toMatchObject({ outcome: 'happened', reconciled: 0 })
    expect(await parts(idOf(first))).toEqual(['after', 'before', 'body'])
    expect((await call(path, asked)).headers.get('idempotency-replayed')).toBe('true')
    expect(await faultIn(lane)).toBeNull()
  })
})

describe('an ending that the store does not take because of its size', () => {
  test('is written without its values, by the alarm', async () => {
    const { key, example, lane } = await begun()
    const asking = once(key)
    const id = await during(shorterAfter(10), async () => {
      const first = await v1.send(example, asking)
      expect([first.status, (await recordOf(idOf(first))).outcome]).toEqual([204, 'pending'])
      expect(await ring(lane)).toBe(true)
      return idOf(first)
    })
    expect(await recordOf(id)).toMatchObject({ outcome: 'happened', reconciled: 0, afterDigest: null })
    expect(await faultIn(lane)).toBeNull()
    expect((await v1.send(example, asking)).status).toBe(409)
  })

  test('is written without its values before the next change of its lane', async () => {
    const { key, example, lane } = await begun()
    const { records } = await during(shorterAfter(10), () =>
      writtenBy(async () => {
        await v1.send(example, { key })
        await v1.send(example, { key })
      }),
    )
    expect(records).toMatchObject([{ outcome: 'happened', afterDigest: null }, { outcome: 'pending' }])
    await ring(lane)
    expect(await faultIn(lane)).toBeNull()
  })
})
