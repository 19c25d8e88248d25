import { describe, expect, test } from 'vitest'
import { api, bucket, emulator, inEu, list, refusal, refused, send } from './api.ts'
import { fullPath } from './operations.ts'

const lock = bucket('media-assets', '/lock')
const rules = [{ id: 'a', enabled: true, condition: { type: 'Indefinite' } }]

/** Answers to reads are remembered in front of the account; none of this may show. */
describe('a read that was answered before', () => {
  test('sees what was written since', async () => {
    await api('GET', lock)
    await api('PUT', lock, { body: { rules } })
    expect((await api('GET', lock)).result).toEqual({ rules })
  })

  test('sees what was written to another part of the account', async () => {
    await list()
    await api('POST', '/r2/buckets', { body: { name: 'since-then' } })
    expect((await list()).names).toContain('since-then')
  })

  test('sees what the tester did', async () => {
    await list()
    await emulator('POST', 'seed', { buckets: [{ name: 'since-then' }] })
    expect((await list()).names).toContain('since-then')
    await emulator('POST', 'reset')
    expect((await list()).names).not.toContain('since-then')
  })

  test('sees what a call did whose answer was lost', async () => {
    await api('GET', lock)
    await emulator('POST', 'faults', { operation: 'buckets.locks.update', kind: 'not-json', applied: true })
    await send('PUT', fullPath(lock), { body: { rules } })
    expect((await api('GET', lock)).result).toEqual({ rules })
  })

  test('still wants the token', async () => {
    await api('GET', lock)
    expect(await refusal('GET', lock, { headers: { authorization: 'Bearer x' } })).toEqual(
      refused(401, 10000),
    )
  })

  test('still tells jurisdictions apart', async () => {
    await api('PUT', lock, { body: { rules }, headers: inEu })
    await api('GET', lock)
    expect((await api('GET', lock, { headers: inEu })).result).toEqual({ rules })
  })

  test('still meets the faults waiting for it', async () => {
    await api('GET', lock)
    await emulator('POST', 'faults', { operation: 'buckets.locks.get', status: 500 })
    expect((await api('GET', lock)).status).toBe(500)
  })

  test('is logged like the first', async () => {
    for (let count = 0; count < 3; count += 1) await api('GET', lock)
    expect(await emulator('GET', 'requests')).toMatchObject({
      requests: Array.from({ length: 3 }, () => ({ operation: 'buckets.locks.get', status: 200 })),
    })
  })
})
