import { describe, expect, test } from 'vitest'
import {
  applyPolicy,
  call,
  createKey,
  emulator,
  everything,
  newKeyWithGrants,
  problemOf,
} from '../harness.ts'
import { changes } from '../routes/examples.ts'
import { runningOutOfTime } from '../upstream/deadline.ts'
import { DIALECTS, exampleOf, v1, v4 } from './dialects.ts'
import { keyed, keysInUse, toldBy } from './repeating.ts'
import { create, freshName, teamWith } from './team.ts'

/** What became of a first attempt that did not succeed decides what the next one under its key gets. */

const CORS = exampleOf('buckets.cors.update')
const CREATE = exampleOf('buckets.create')
const CORS_PATH = `/v1${CORS.path}`

const mark = ({ headers }: Response) => headers.get('idempotency-replayed')

describe.each(DIALECTS)(
  '$dialect: a refusal of Cloudflare’s is the answer, with its status',
  ({ send, codeOf }) => {
    test.each([400, 404, 409, 412])('%i', async (status) => {
      const key = await newKeyWithGrants(everything)
      await emulator.faults({ operation: CORS.name, status, message: 'No.' })
      const first = await send(CORS, keyed(key))
      const second = await send(CORS, keyed(key))
      expect([first.ok, mark(first), mark(second)]).toEqual([false, null, 'true'])
      expect(await toldBy(second)).toEqual(await toldBy(first))
      expect(await emulator.changes()).toHaveLength(1)
    })

    test.each([401, 403, 429])('%i says that it did not look, and is no answer', async (status) => {
      const key = await newKeyWithGrants(everything)
      await emulator.faults({ operation: CORS.name, status })
      const first = await send(CORS, keyed(key))
      const second = await send(CORS, keyed(key))
      expect([first.ok, second.ok, mark(second)]).toEqual([false, true, null])
    })

    test('a bucket that exists', async () => {
      const key = await newKeyWithGrants(everything)
      const taken = { ...CREATE, body: { name: 'media-assets' } }
      const code = await codeOf(await send(taken, keyed(key)))
      const again = await send(taken, keyed(key))
      expect([again.status, await codeOf(again)]).toEqual([409, code])
      expect(await emulator.changes()).toHaveLength(1)
    })
  },
)

describe.each(DIALECTS)(
  '$dialect: a failure that leaves it open whether it happened is the answer',
  ({ send }) => {
    test.each([
      ['a 500', { status: 500 }],
      ['a 503, done', { status: 503, applied: true }],
      ['a broken connection', { kind: 'broken-connection' }],
      ['a broken connection, done', { kind: 'broken-connection', applied: true }],
    ])('%s', async (_, fault) => {
      const key = await newKeyWithGrants(everything)
      await emulator.faults({ operation: CORS.name, ...fault })
      const first = await send(CORS, keyed(key))
      const second = await send(CORS, keyed(key))
      expect([first.ok, mark(first), mark(second)]).toEqual([false, null, 'true'])
      expect(await toldBy(second)).toEqual(await toldBy(first))
      expect(await emulator.changes()).toHaveLength(1)
    })
  },
)

test('that there was no answer in time is the answer', async () => {
  const key = await newKeyWithGrants(everything)
  await emulator.hold({ operation: CORS.name, applied: true })
  await runningOutOfTime(() => v1.send(CORS, keyed(key)))
  expect(await problemOf(v1.send(CORS, keyed(key)))).toMatchObject({ status: 504, code: 'upstream_timeout' })
  expect(await emulator.changes()).toHaveLength(1)
})

test.each(changes)('$name whose answer was lost is not sent again under its key', async (example) => {
  const key = await newKeyWithGrants(everything)
  await emulator.faults({ operation: example.name, kind: 'broken-connection', applied: true })
  await v1.send(example, keyed(key))
  const before = (await emulator.changes()).length
  await v1.send(example, keyed(key))
  expect(await emulator.changes()).toHaveLength(before)
})

describe('a key may be used again, for anything, after a first attempt that', () => {
  async function expectUsable(key: string, before = 0): Promise<void> {
    expect(await keysInUse(key)).toBe(0)
    const response = await call(CORS_PATH, { method: 'PUT', body: { rules: [] }, ...keyed(key) })
    expect([response.status, mark(response)]).toEqual([204, null])
    expect(await emulator.changes()).toHaveLength(before + 1)
  }

  test('no grant allowed', async () => {
    const key = await newKeyWithGrants({ role: 'editor', buckets: ['*'] })
    expect((await v1.send(CREATE, keyed(key))).status).toBe(403)
    await expectUsable(key)
  })

  test('a deny rule forbade', async () => {
    const deny = [{ name: 'no-new-ones', permissions: ['buckets.create'], buckets: ['*'] }]
    await applyPolicy({ organization: { deny }, teams: { team: { grants: [everything] } } })
    const key = await createKey('team')
    expect((await v1.send(CREATE, keyed(key))).status).toBe(403)
    await expectUsable(key)
  })

  test('an enforced guardrail refused', async () => {
    const guardrails = [{ name: 'ours', cors: { origins: ['https://*.example.org'] } }]
    await applyPolicy({ teams: { team: { grants: [everything], guardrails } } })
    const key = await createKey('team')
    expect((await v1.send(CORS, keyed(key))).status).toBe(403)
    await expectUsable(key)
  })

  test('a guardrail refused that compares with what is there', async () => {
    const lock = exampleOf('buckets.locks.update')
    const guardrails = [{ name: 'locked', locks: { neverWeaken: true } }]
    await applyPolicy({ teams: { team: { grants: [everything], guardrails } } })
    const key = await createKey('team')
    await v1.send(lock, { key })
    expect((await v1.send({ ...lock, body: { rules: [] } }, keyed(key))).status).toBe(403)
    await expectUsable(key, 1)
  })

  test('the limit of the team refused', async () => {
    const team = await teamWith(0)
    const response = await create(team, freshName(), keyed(team.key))
    expect(response.status).toBe(403)
    await expectUsable(team.key)
  })

  test('had another configuration in mind', async () => {
    const key = await newKeyWithGrants(everything)
    expect((await v1.send(CORS, keyed(key, undefined, { 'if-match': '"old"' }))).status).toBe(412)
    await expectUsable(key)
  })

  test('could not read what is there', async () => {
    const key = await newKeyWithGrants(everything)
    await emulator.faults({ operation: 'buckets.cors.get', status: 403 })
    expect((await v1.send(CORS, keyed(key))).status).toBe(502)
    await expectUsable(key)
  })

  test('was not valid', async () => {
    const key = await newKeyWithGrants(everything)
    expect((await v1.send({ ...CORS, body: { rules: 'none' } }, keyed(key))).status).toBe(400)
    await expectUsable(key)
  })

  test('was only tried', async () => {
    const key = await newKeyWithGrants(everything)
    const dry = { ...CORS, path: `${CORS.path}?dryRun=true` }
    expect((await v1.send(dry, keyed(key))).status).toBe(200)
    await expectUsable(key)
  })
})

test('a dry run is never answered with what was done under its key', async () => {
  const key = await newKeyWithGrants(everything)
  await v1.send(CORS, keyed(key))
  const response = await v1.send({ ...CORS, path: `${CORS.path}?dryRun=true` }, keyed(key))
  expect(mark(response)).toBeNull()
  expect(await response.json()).toMatchObject({ allowed: true })
})

test('a request that succeeded under a precondition is answered again although that holds no longer', async () => {
  const key = await newKeyWithGrants(everything)
  const once = keyed(key, undefined, { 'if-none-match': '*' })
  await v1.send(CORS, once)
  const again = await v1.send(CORS, once)
  expect([again.status, mark(again)]).toEqual([204, 'true'])
})

test('v4: an answer that is given again has the envelope of the first', async () => {
  const key = await newKeyWithGrants(everything)
  await emulator.faults({ operation: CORS.name, status: 409, code: 10073, message: 'Being changed.' })
  await v4.send(CORS, keyed(key))
  const again = await v4.send(CORS, keyed(key))
  expect(await again.json()).toMatchObject({ errors: [{ code: 10073, message: 'Being changed.' }] })
})
