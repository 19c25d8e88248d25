import { expect, test } from 'vitest'
import { applyPolicy, call, createKey, emulator, everything, keyWithGrants, problemOf } from '../harness.ts'
import { BUCKET, changes } from './examples.ts'
import { send } from './perform.ts'

/** A dry run does everything but the forwarding, and answers with the decision. */

const bucketOf = (name: string) => (name === 'buckets.create' ? 'media-new' : BUCKET)

test.each(changes)(
  '$name: a dry run that is allowed names the grant, and nothing is sent',
  async (example) => {
    const key = await keyWithGrants(everything)
    const response = await send(example, { key, query: '?dryRun=true' })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      allowed: true,
      team: 'team',
      operation: example.name,
      jurisdiction: 'default',
      bucket: bucketOf(example.name),
      decidedBy: { kind: 'grant', rule: 'teams.team.grants[0]', role: 'owner' },
    })
    expect(await emulator.received()).toEqual([])
  },
)

test.each(changes)(
  '$name: a dry run that is denied names what is missing, and nothing is sent',
  async (example) => {
    const key = await keyWithGrants()
    const response = await send(example, { key, query: '?dryRun=true&jurisdiction=eu' })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      allowed: false,
      code: 'forbidden',
      operation: example.name,
      jurisdiction: 'eu',
      bucket: bucketOf(example.name),
      decidedBy: { kind: 'no-grant' },
    })
    expect(await emulator.received()).toEqual([])
  },
)

test('a dry run that a deny rule forbids names the rule', async () => {
  const rule = { name: 'no-deletes', permissions: ['buckets.delete'], buckets: ['*'] }
  await applyPolicy({ organization: { deny: [rule] }, teams: { team: { grants: [everything] } } })
  const path = `/v1/buckets/${BUCKET}?dryRun=true`
  const answer = await call(path, { key: await createKey('team'), method: 'DELETE' })
  expect(await answer.json()).toMatchObject({
    allowed: false,
    code: 'denied',
    decidedBy: { kind: 'deny', rule: 'no-deletes', from: 'organization' },
  })
})

test('a dry run still wants a key', async () => {
  const problem = await problemOf(call(`/v1/buckets/${BUCKET}?dryRun=true`, { method: 'DELETE' }))
  expect(problem.status).toBe(401)
})

test('a dry run still refuses a wrong body', async () => {
  const key = await keyWithGrants(everything)
  const problem = await problemOf(
    call('/v1/buckets?dryRun=true', { key, method: 'POST', body: { name: 'A' } }),
  )
  expect(problem.errors).toMatchObject([{ in: 'body', pointer: '/name' }])
})

test('dryRun=false is no dry run', async () => {
  const key = await keyWithGrants(everything)
  await call(`/v1/buckets/${BUCKET}?dryRun=false`, { key, method: 'DELETE' })
  expect(await emulator.changes()).toHaveLength(1)
})
