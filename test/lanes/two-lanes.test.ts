import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { call, emulator, everything, keyWithGrants } from '../harness.ts'

const outcomeOf = async (id: string) =>
  env.DB.prepare('SELECT outcome FROM audit WHERE id = ?').bind(id).first<string>('outcome')

const idOf = (response: Response) => response.headers.get('x-request-id') ?? ''

/** A creation that was carried out, and whose answer was lost: it is pending in its team's lane. */
async function createUnseen(key: string, name: string): Promise<Response> {
  await emulator.faults({ operation: 'buckets.create', kind: 'broken-connection', applied: true })
  return call('/v1/buckets', { key, method: 'POST', body: { name } })
}

test('a deletion in the lane of the bucket settles a creation that is pending in the lane of its team', async () => {
  const key = await keyWithGrants(everything)
  const created = await createUnseen(key, 'soon-gone')
  const deleted = await call('/v1/buckets/soon-gone', { key, method: 'DELETE' })
  expect(deleted.status).toBe(204)
  expect(await outcomeOf(idOf(created))).toBe('happened')
})

test('a creation is not overtaken by a deletion that came while it was under way', async () => {
  const key = await keyWithGrants(everything)
  await emulator.faults({ operation: 'buckets.create', delayMs: 300 })
  const creating = call('/v1/buckets', { key, method: 'POST', body: { name: 'under-way' } })
  while ((await emulator.received()).every(({ method }) => method !== 'POST')) await scheduler.wait(10)
  const deleted = await call('/v1/buckets/under-way', { key, method: 'DELETE' })
  expect([(await creating).status, deleted.status]).toEqual([201, 204])
  const methods = (await emulator.received()).map(({ method }) => method).filter((one) => one !== 'GET')
  expect(methods).toEqual(['POST', 'DELETE'])
})
