import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { makeKey } from '../../src/identity/make-key.ts'
import { hashSecret, parseTeamKey } from '../../src/identity/team-key.ts'
import { ask } from '../../src/store/d1.ts'
import { findKey, keysInForce } from '../../src/store/keys.ts'
import { run } from '../harness.ts'

const DAY = 86_400

test('a key is stored with its name as it was given', async () => {
  const name = "o'brien'); DROP TABLE keys; --"
  const { id, statement } = await makeKey({ team: 'media', name, expires: DAY, scope: null })
  await run([statement])
  expect(await findKey(env.DB, id)).toMatchObject({ name, scope: null, revokedAt: null })
})

test('of a key only the hash of its secret is stored', async () => {
  const { id, text, statement } = await makeKey({ team: 'media', name: 'ci', expires: DAY, scope: null })
  const { secret } = parseTeamKey(text) ?? { secret: '' }
  expect(secret).toHaveLength(32)
  expect(JSON.stringify(statement)).not.toContain(secret)
  await run([statement])
  expect((await findKey(env.DB, id))?.secretHash).toBe(await hashSecret(secret))
})

test('a key expires when it was said to', async () => {
  const { id, statement, expiresAt } = await makeKey({ team: 'media', name: 'ci', expires: DAY, scope: null })
  await run([statement])
  const query = 'SELECT expires_at - created_at AS life, expires_at AS at FROM keys WHERE id = ?1'
  const row = await env.DB.prepare(query).bind(id).first<{ life: number; at: number }>()
  expect(row?.life).toBe(DAY * 1000)
  expect(new Date(row?.at ?? 0).toISOString()).toBe(expiresAt)
})

test('the scope of a key is stored as it was given', async () => {
  const scope = { role: 'viewer', buckets: ['media-*'], jurisdictions: ['eu' as const] }
  const { id, statement } = await makeKey({ team: 'media', name: 'ci', expires: DAY, scope })
  await run([statement])
  expect(JSON.parse((await findKey(env.DB, id))?.scope ?? '')).toEqual(scope)
})

test('the keys in force are those that are there, not revoked and not expired', async () => {
  const made = await Promise.all(
    [DAY, DAY, 0].map((expires) => makeKey({ team: 'media', name: 'ci', expires, scope: null })),
  )
  await run(made.map(({ statement }) => statement))
  const [inForce = '', revoked = '', expired = ''] = made.map(({ id }) => id)
  await env.DB.prepare('UPDATE keys SET revoked_at = 1 WHERE id = ?1').bind(revoked).run()
  const asked = keysInForce([inForce, revoked, expired, 'nobody', "o'brien"], Date.now() + 1)
  expect(await ask(env.DB, asked)).toEqual([inForce])
})
