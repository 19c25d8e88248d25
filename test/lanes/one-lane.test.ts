import { expect, test } from 'vitest'
import { idOf } from '../audit/written.ts'
import { call, emulator, everything, keyWithGrants } from '../harness.ts'
import { outcomeOfRecord } from './reconciling.ts'

/** A bucket has one lane, from its creation on. */

/** A creation that was carried out, and whose answer was lost. */
async function createUnseen(key: string, name: string): Promise<Response> {
  await emulator.faults({ operation: 'buckets.create', kind: 'broken-connection', applied: true })
  return call('/v1/buckets', { key, method: 'POST', body: { name } })
}

test('a deletion settles the creation of its bucket that is still pending', async () => {
  const key = await keyWithGrants(everything)
  const created = await createUnseen(key, 'soon-gone')
  const deleted = await call('/v1/buckets/soon-gone', { key, method: 'DELETE' })
  expect(deleted.status).toBe(204)
  expect(await outcomeOfRecord(idOf(created))).toBe('happened')
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
