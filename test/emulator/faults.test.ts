import { describe, expect, test } from 'vitest'
import { api, bucket, emulator, list, refusal, refused, send } from './api.ts'
import { fullPath } from './operations.ts'

const add = (fault: unknown) => emulator('POST', 'faults', fault)
const own = fullPath(bucket('media-assets'))
const statuses = async (count: number) => {
  const found: number[] = []
  for (let index = 0; index < count; index += 1) found.push((await send('GET', own)).status)
  return found
}

describe('a fault', () => {
  test('lasts for as many calls as it says', async () => {
    await add({ operation: 'buckets.get', times: 2, status: 503 })
    expect(await statuses(3)).toEqual([503, 503, 200])
  })

  test('hits the operation it names, and no other', async () => {
    await add({ operation: 'buckets.get', times: 1, status: 500 })
    expect((await api('GET', '/r2/buckets')).status).toBe(200)
    expect(await statuses(1)).toEqual([500])
  })

  test('hits any operation when it names none', async () => {
    await add({ status: 500 })
    expect((await api('GET', '/r2/metrics')).status).toBe(500)
  })

  test('hits the bucket it names, and no other', async () => {
    await add({ bucket: 'media-assets', status: 500 })
    expect((await api('GET', bucket('finance-ledger'))).status).toBe(200)
    expect((await api('GET', '/r2/buckets')).status).toBe(200)
    expect(await statuses(1)).toEqual([500])
  })

  test('waits for its turn behind an older one', async () => {
    await add({ status: 500 })
    await add({ status: 502 })
    expect(await statuses(3)).toEqual([500, 502, 200])
  })

  test('is not used up by a caller without the token', async () => {
    await add({ status: 500 })
    await send('GET', own, { headers: { authorization: '' } })
    expect(await statuses(1)).toEqual([500])
  })

  test('keeps the operation from happening', async () => {
    await add({ status: 500 })
    await api('POST', '/r2/buckets', { body: { name: 'never-made' } })
    expect((await list()).names).not.toContain('never-made')
  })

  test('can let it happen and lose only the answer', async () => {
    await add({ status: 500, applied: true })
    expect((await api('POST', '/r2/buckets', { body: { name: 'made-unseen' } })).status).toBe(500)
    expect((await list()).names).toContain('made-unseen')
  })

  test.each([
    ['an unknown operation', { operation: 'buckets.fly', status: 500 }],
    ['nothing to do', { operation: 'buckets.get' }],
    ['an unknown field', { status: 500, often: 3 }],
  ])('is refused with %s', async (_, fault) => {
    expect(await add(fault)).toEqual({ error: expect.any(String) })
    expect(await emulator('GET', 'faults')).toEqual({ faults: [] })
  })

  test.each([
    ['DELETE', 'faults'],
    ['POST', 'reset'],
  ])('is forgotten on %s %s', async (method, path) => {
    await add({ times: 9, status: 500 })
    await emulator(method, path)
    expect(await statuses(1)).toEqual([200])
  })
})

describe('a fault of kind', () => {
  test('status answers an envelope with a code that fits, or the one given', async () => {
    await add({ status: 409, code: 10073, message: 'in the way' })
    expect(await refusal('GET', bucket('media-assets'))).toEqual(refused(409, 10073))
    await add({ status: 503 })
    expect(await refusal('GET', bucket('media-assets'))).toEqual(refused(503, 10043))
  })

  test('rate-limited says when to come back', async () => {
    await add({ kind: 'rate-limited', retryAfter: 7 })
    const { status, headers } = await api('GET', bucket('media-assets'))
    expect({ status, retryAfter: headers.get('retry-after') }).toEqual({ status: 429, retryAfter: '7' })
  })

  test('broken-body is cut short', async () => {
    await add({ kind: 'broken-body' })
    const response = await send('GET', own)
    expect(response.status).toBe(200)
    expect(await response.text()).toMatch(/^\{"success":true,/)
    await add({ kind: 'broken-body' })
    await expect((await send('GET', own)).json()).rejects.toThrow(SyntaxError)
  })

  test('not-json is a page of HTML', async () => {
    await add({ kind: 'not-json' })
    const response = await send('GET', own)
    expect(response.status).toBe(502)
    expect(response.headers.get('content-type')).toMatch('text/html')
    expect(await response.text()).toMatch(/^<!DOCTYPE html>/)
  })

  test('not-json can come with any status', async () => {
    await add({ kind: 'not-json', status: 200 })
    expect((await send('GET', own)).status).toBe(200)
  })

  test('broken-connection ends before the body does', async () => {
    await add({ kind: 'broken-connection' })
    await expect(send('GET', own).then((response) => response.text())).rejects.toThrow()
  })

  test('delay answers as ever, only later', async () => {
    await add({ delayMs: 1 })
    expect((await api('GET', bucket('media-assets'))).result).toMatchObject({ name: 'media-assets' })
  })

  test.each([
    ['DELETE', 'faults'],
    ['POST', 'reset'],
  ])('delay is over on %s %s', async (method, path) => {
    await add({ delayMs: 600_000 })
    const answered = send('GET', own)
    while (Object(await emulator('GET', 'faults')).faults.length > 0) await scheduler.wait(1)
    await emulator(method, path)
    expect((await answered).status).toBe(200)
  })

  test('delay can come before another', async () => {
    await add({ delayMs: 1, status: 500 })
    expect(await statuses(1)).toEqual([500])
  })

  test('body answers just that', async () => {
    await add({ body: '{"success":false}', status: 200 })
    expect(await (await send('GET', own)).json()).toEqual({ success: false })
  })
})
