import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { perform } from '../../src/gateway/pipeline.ts'
import type { Deps, OperationRequest, Outcome } from '../../src/gateway/request.ts'
import { authenticate } from '../../src/identity/authenticate.ts'
import { operationNamed } from '../../src/routes/index.ts'
import { settingsOf } from '../../src/settings.ts'
import { createUpstream } from '../../src/upstream/client.ts'
import { applyPolicy, createKey, emulator, everything } from '../harness.ts'

/** Everything can be done without a request of HTTP, and is decided, recorded and answered all the same. */

const BUCKET = 'media-assets'
const RULES = [{ allowed: { origins: ['https://www.example.com'], methods: ['GET'] } }]

function depsOf(requestId: string): Deps {
  return {
    env,
    requestId,
    upstream: createUpstream(settingsOf(env)),
    dialect: 'v1',
    clientAddress: null,
    waitUntil: () => undefined,
  }
}

/** Performs an operation for a key of a team with these grants. */
async function performAs(
  grants: readonly unknown[],
  name: string,
  asked: Partial<OperationRequest>,
  id = crypto.randomUUID(),
): Promise<Outcome> {
  await applyPolicy({ teams: { team: { grants } } })
  const authorization = `Bearer ${await createKey('team')}`
  const request = { authorization, db: env.DB, now: Date.now(), changes: true, waitUntil: () => undefined }
  const principal = await authenticate(request)
  const operation = operationNamed(name)
  if (!operation) throw new Error(`no operation is called ${name}`)
  const query = operation.query?.safeParse({}).data ?? {}
  const input = { params: {}, jurisdiction: 'default', query, body: undefined, ...asked } as const
  return perform(operation, input, principal, depsOf(id))
}

const changeCors = (grants: readonly unknown[], id: string) =>
  performAs(grants, 'buckets.cors.update', { params: { bucket: BUCKET }, body: { rules: RULES } }, id)

const outcomeOf = (id: string) =>
  env.DB.prepare('SELECT operation, outcome FROM audit WHERE id = ?').bind(id).first()

describe('a change', () => {
  test('is sent, and is on record', async () => {
    const id = crypto.randomUUID()
    expect(await changeCors([everything], id)).toMatchObject({
      kind: 'done',
      meta: { entityTag: expect.any(String) },
    })
    expect((await emulator.changes()).map(({ operation }) => operation)).toEqual(['buckets.cors.update'])
    expect(await outcomeOf(id)).toEqual({ operation: 'buckets.cors.update', outcome: 'happened' })
  })

  test('that policy denies is not sent, and is on record', async () => {
    const id = crypto.randomUUID()
    await expect(changeCors([], id)).rejects.toMatchObject({ code: 'forbidden' })
    expect(await emulator.received()).toEqual([])
    expect(await outcomeOf(id)).toEqual({ operation: 'buckets.cors.update', outcome: 'denied' })
  })

  test('that is only tried answers with the decision, and is not sent', async () => {
    const outcome = await performAs([everything], 'buckets.create', {
      body: { name: 'media-new' },
      dryRun: true,
    })
    expect(outcome).toMatchObject({ kind: 'decision', described: { allowed: true } })
    expect(await emulator.changes()).toEqual([])
  })

  test('holds to its conditions', async () => {
    const conditions = { ifMatch: '"another"', ifNoneMatch: null, idempotencyKey: null }
    const asked = { params: { bucket: BUCKET }, body: { rules: RULES }, conditions }
    await expect(performAs([everything], 'buckets.cors.update', asked)).rejects.toMatchObject({
      code: 'precondition_failed',
    })
    expect(await emulator.changes()).toEqual([])
  })

  test('is undone', async () => {
    const id = crypto.randomUUID()
    await changeCors([everything], id)
    const asked = { params: { id }, query: { force: false, dryRun: false } }
    expect(await performAs([everything], 'warden.audit.revert', asked)).toMatchObject({
      kind: 'done',
      answer: { result: { reverted: id, operation: 'buckets.cors.delete' } },
    })
  })
})

describe('a read', () => {
  test('answers with what is there, and its entity tag', async () => {
    const outcome = await performAs([everything], 'buckets.get', { params: { bucket: BUCKET } })
    expect(outcome).toMatchObject({
      kind: 'done',
      answer: { result: { name: BUCKET } },
      meta: { entityTag: expect.stringMatching(/^"/) },
    })
  })

  test('that policy denies is not sent', async () => {
    const read = performAs([], 'buckets.get', { params: { bucket: BUCKET } })
    await expect(read).rejects.toMatchObject({ code: 'forbidden' })
    expect(await emulator.received()).toEqual([])
  })
})

test.each([
  ['warden.whoami', { team: 'team' }],
  ['warden.readyz', { status: 'ready' }],
  ['accounts.list', [{ name: 'team' }]],
])('%s answers', async (name, result) => {
  expect(await performAs([], name, {})).toMatchObject({ kind: 'done', answer: { result } })
})
