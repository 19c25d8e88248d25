import { expect, test } from 'vitest'
import { applyPolicy, call, createKey, emulator, problemOf } from '../harness.ts'

/** A caller learns who they are and what binds them, and nothing of anybody else. */

const policy = {
  organization: { deny: [{ name: 'prod-is-forever', permissions: ['buckets.delete'], buckets: ['*-prod'] }] },
  teams: {
    media: {
      grants: [{ role: 'viewer', buckets: ['media-*'], jurisdictions: ['default', 'eu'] }],
      deny: [{ name: 'no-cors', permissions: ['buckets.cors.update'], buckets: ['*'] }],
    },
    finance: { grants: [{ role: 'owner', buckets: ['finance-*'] }] },
  },
}

test('whoami names the team, the key and its scope', async () => {
  await applyPolicy(policy)
  const key = await createKey('media', { role: 'viewer', buckets: ['media-a*'] })
  expect(await (await call('/v1/whoami', { key })).json()).toMatchObject({
    team: 'media',
    key: { name: 'test', scope: { role: 'viewer', buckets: ['media-a*'] } },
  })
})

test('whoami lists the grants and the deny rules that bind the caller', async () => {
  await applyPolicy(policy)
  expect(await (await call('/v1/whoami', { key: await createKey('media') })).json()).toMatchObject({
    grants: [{ role: 'viewer', buckets: ['media-*'], jurisdictions: ['default', 'eu'] }],
    deny: [
      { name: 'prod-is-forever', from: 'organization', buckets: ['*-prod'], jurisdictions: ['*'] },
      { name: 'no-cors', from: 'team' },
    ],
  })
})

test.each([
  ['a limit', { limits: { buckets: 20 } }, { buckets: 20 }],
  ['no limit', {}, { buckets: null }],
])('whoami shows %s on buckets', async (_, part, limits) => {
  await applyPolicy({ teams: { media: part, finance: { limits: { buckets: 3 } } } })
  const answer = await call('/v1/whoami', { key: await createKey('media') })
  expect(await answer.json()).toMatchObject({ limits })
})

test('whoami says nothing of other teams, and asks nothing of upstream', async () => {
  await applyPolicy(policy)
  const text = await (await call('/v1/whoami', { key: await createKey('media') })).text()
  expect(text).not.toContain('finance')
  expect(await emulator.received()).toEqual([])
})

test('whoami needs no grant, but a key', async () => {
  await applyPolicy({ teams: { idle: {} } })
  expect((await call('/v1/whoami', { key: await createKey('idle') })).status).toBe(200)
  expect(await problemOf(call('/v1/whoami'))).toMatchObject({ status: 401, code: 'unauthenticated' })
})
