import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Forwarder } from '../forwarder.ts'
import { isListening, stillRunning } from '../processes.ts'
import { running, startAgain } from './stack.ts'

/** The end of the first start, and the next one in the same place. */

let before: { readonly keys: Readonly<Record<string, string>>; readonly policyVersion: number }

async function policyVersion(): Promise<number> {
  const { policyVersion }: { policyVersion: number } = await (await running().call('/readyz')).json()
  return policyVersion
}

describe('Ctrl-C', () => {
  let processes: number[]
  beforeAll(async () => {
    before = { keys: running().keys, policyVersion: await policyVersion() }
    processes = running().processes
    await running().interrupt()
  })

  it('leaves no process', () => {
    expect([processes.length > 2, stillRunning(processes)]).toEqual([true, []])
  })

  it('leaves no port taken', async () => {
    expect([await isListening(running().port), await isListening(running().emulatorPort)]).toEqual([
      false,
      false,
    ])
  })
})

describe('the second start, with CLOUDFLARE_API_BASE_URL', () => {
  let forwarder: Forwarder
  let seen: Response
  beforeAll(async () => {
    forwarder = await Forwarder.start()
    const env = { CLOUDFLARE_API_BASE_URL: `${forwarder.url}/client/v4` }
    await startAgain(env)
    forwarder.target = running().emulator
    seen = await running().call('/v1/buckets/media-launch', { key: running().key('media-admin') })
  })
  afterAll(() => forwarder.stop())

  it('keeps the buckets', () => {
    expect(seen.status).toBe(200)
  })

  it('keeps the keys', () => {
    expect(running().keys).toEqual(before.keys)
  })

  it('keeps the version of the policy', async () => {
    expect(await policyVersion()).toBe(before.policyVersion)
  })

  it('asks what stands at that URL', () => {
    expect(forwarder.seen).toEqual([expect.stringMatching(/^GET \/client\/v4\/.*\/media-launch$/)])
  })

  it('says where it asks', () => {
    expect(running().printed).toContain(`upstream   ${forwarder.url}/client/v4`)
  })

  it('ends with code 0 when it is interrupted', async () => {
    expect(await running().interrupt()).toBe(0)
  })
})
