import { describe, expect, test } from 'vitest'
import { A } from '../dialects/v4-examples.ts'
import { applyPolicy, call, createKey, emulator, everything, keyWithGrants } from '../harness.ts'
import { type Asking, DIALECTS, exampleOf, inBoth, v1 } from '../lanes/dialects.ts'
import { BUCKET, changes, type Example, reads } from '../routes/examples.ts'
import { send } from '../routes/perform.ts'
import { writtenBy } from './written.ts'

/** The trail has changes and denied changes: what is none of them leaves no record. */

const own = `/v1/buckets/${BUCKET}`
const LOCK = exampleOf('buckets.locks.update')
const rules = { rules: [] }

const tried = (example: Example, key: string) => send(example, { key, query: '?dryRun=true' })

describe.each(DIALECTS)('$dialect', (spoken) => {
  test('reads leave no record, allowed or denied', async () => {
    const keys = [await keyWithGrants(everything), await createKey('team', { permissions: [] })]
    const { records } = await writtenBy(async () => {
      for (const key of keys) for (const example of reads) await spoken.send(example, { key })
    })
    expect(records).toEqual([])
  })
})

describe.each(inBoth(changes))('$name in $dialect', ({ example, spoken }) => {
  test('that is turned away before it is its turn leaves no record, and is not sent', async () => {
    const key = await keyWithGrants(everything)
    const turnedAway: [number, Asking][] = [
      [401, { key: 'r2w_nobody' }],
      [400, { key, headers: { 'if-match': 'W/"weak"' } }],
      [412, { key, headers: { 'if-match': '"another"' } }],
      [400, { key, headers: { 'idempotency-key': 'x'.repeat(256) } }],
    ]
    for (const [status, asking] of turnedAway) {
      const { result: response, records } = await writtenBy(() => spoken.send(example, asking))
      expect([response.status, records]).toEqual([status, []])
    }
    expect(await emulator.changes()).toEqual([])
  })
})

test.each(changes)('a dry run of $name leaves no record, allowed or denied', async (example) => {
  const keys = [await keyWithGrants(everything), await createKey('team', { role: 'viewer' })]
  const { records } = await writtenBy(async () => {
    for (const key of keys) expect((await tried(example, key)).status).toBe(200)
  })
  expect(records).toEqual([])
})

test('a dry run that a comparing guardrail would refuse leaves no record', async () => {
  const guardrails = [{ name: 'kept', locks: { neverWeaken: true } }]
  await applyPolicy({ teams: { team: { grants: [everything], guardrails } } })
  const key = await createKey('team')
  const { records } = await writtenBy(() => tried(LOCK, key))
  expect(records).toEqual([])
})

test('a dry run over the limit of a team leaves no record', async () => {
  await applyPolicy({ teams: { team: { grants: [everything], limits: { buckets: 0 } } } })
  const key = await createKey('team')
  const { records } = await writtenBy(() => tried(exampleOf('buckets.create'), key))
  expect(records).toEqual([])
})

const text = { 'content-type': 'text/plain' }
const deep = `{"rules":${'['.repeat(40)}${']'.repeat(40)}}`
const endless = `{"rules":${'['.repeat(200_000)}${']'.repeat(200_000)}}`

test.each([
  ['a field that is wrong', `${own}/lock`, { body: { rules: [{}] } }, 400],
  ['a field that is not known', `${own}/lock`, { body: { rules: [], more: 1 } }, 400],
  ['half a body', `${own}/lock`, { body: '{"rules":' }, 400],
  ['another type', `${own}/lock`, { body: '{"rules":[]}', headers: text }, 415],
  ['too much', `${own}/lock`, { body: `{"rules":[]${' '.repeat(1 << 20)}}` }, 413],
  ['an unknown parameter', `${own}/lock?x=1`, { body: rules }, 400],
  ['a wrong jurisdiction', `${own}/lock?jurisdiction=mars`, { body: rules }, 400],
  ['a bad name', '/v1/buckets/-x-/lock', { body: rules }, 400],
  ['no route', `${own}/locks`, { body: rules }, 404],
  ['another method', `${own}/metrics`, { body: rules }, 404],
  ['half a body on v4', `${A}/r2/buckets/${BUCKET}/lock`, { body: '{"rules":' }, 400],
  ['no object on v4', `${A}/r2/buckets/${BUCKET}/lock`, { body: '[]' }, 400],
  ['a deeply nested body on v4', `${A}/r2/buckets/${BUCKET}/lock`, { body: deep }, 400],
  ['an endlessly nested body on v4', `${A}/r2/buckets/${BUCKET}/lock`, { body: endless }, 400],
  ['another account', `${A.replace('0', 'f')}/r2/buckets/${BUCKET}/lock`, { body: rules }, 403],
])('a request with %s leaves no record, and nothing is sent', async (_, path, asked, status) => {
  for (const grants of [[everything], []]) {
    const key = await keyWithGrants(...grants)
    const { result: response, records } = await writtenBy(() => call(path, { key, method: 'PUT', ...asked }))
    expect([response.status, records]).toEqual([status, []])
  }
  expect(await emulator.received()).toEqual([])
})

test('a change before which Cloudflare cannot be read leaves no record, and nothing is changed', async () => {
  const key = await keyWithGrants(everything)
  await emulator.faults({ operation: 'buckets.locks.get', times: 9, status: 500 })
  const { result: response, records } = await writtenBy(() => v1.send(LOCK, { key }))
  expect([response.status, records]).toEqual([502, []])
  expect(await emulator.changes()).toEqual([])
})

test('a repetition under its idempotency key leaves no second record', async () => {
  const asking = { key: await keyWithGrants(everything), headers: { 'idempotency-key': 'once' } }
  const { records } = await writtenBy(async () => {
    for (const _ of [1, 2, 3]) await v1.send(LOCK, asking)
  })
  expect(records).toHaveLength(1)
})
