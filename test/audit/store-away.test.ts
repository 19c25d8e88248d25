import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { emulator, problemOf } from '../harness.ts'
import { SECOND, Warden } from '../identity/warden.ts'
import { clear, keyOf, put } from './records.ts'

/** The trail is in the store: without it there is nothing to show, and the caller is asked to come back. */

beforeEach(clear)
beforeEach(() => vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] }))
afterEach(() => vi.useRealTimers())

const paths: [string, () => Promise<string>][] = [
  ['the list', async () => '/v1/audit'],
  ['one record', async () => `/v1/audit/${(await put()).id}`],
]

describe.each(paths)('%s', (_, pathOf) => {
  async function wardenWithout(state: 'fails' | 'hangs') {
    const [key, path] = [await keyOf('media'), await pathOf()]
    const warden = new Warden()
    await warden.statusOf(key)
    warden.store.state = state
    await emulator.reset()
    return { warden, authorization: `Bearer ${key}`, path }
  }

  test('is unavailable while the store is away, and the caller is asked to come back', async () => {
    const { warden, authorization, path } = await wardenWithout('fails')
    const response = await warden.ask(authorization, { path })
    expect(response.headers.get('retry-after')).toMatch(/^[1-9][0-9]*$/)
    expect(await problemOf(response)).toMatchObject({ status: 503, code: 'unavailable' })
    expect(await emulator.received()).toEqual([])
  })

  test('shows nothing of what the store said', async () => {
    const { warden, authorization, path } = await wardenWithout('fails')
    expect(await (await warden.ask(authorization, { path })).text()).not.toContain('D1_ERROR')
  })

  test('is unavailable when the store does not answer', async () => {
    const { warden, authorization, path } = await wardenWithout('hangs')
    const { response } = warden.send(authorization, { path })
    await vi.advanceTimersByTimeAsync(10 * SECOND)
    expect(await problemOf(response)).toMatchObject({ status: 503, code: 'unavailable' })
  })

  test('is there again when the store is', async () => {
    const { warden, authorization, path } = await wardenWithout('fails')
    await warden.ask(authorization, { path })
    warden.store.state = 'up'
    expect((await warden.ask(authorization, { path })).status).toBe(200)
  })
})
