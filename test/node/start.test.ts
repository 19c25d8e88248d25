import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Forwarder } from './forwarder.ts'
import { isListening, stillRunning } from './processes.ts'
import { type Ran, run } from './run.ts'
import { type Received, Stack } from './stack.ts'

/** `npm start` as a newcomer meets it: the first in a fresh clone, Ctrl-C, and the next. */

const ACCOUNT_TOKEN = 'Bearer emulator-api-token-not-a-secret-0123456789'
const NPM_START = ['npm', 'start']

let stack: Stack
beforeAll(async () => {
  stack = await Stack.start({ command: NPM_START })
})
afterAll(() => stack.stop())

/** The lines to paste, in their order, as they are printed. */
const printedCurls = () => stack.printed.split('\n').filter((line) => line.startsWith('  curl '))
const paste = (line: string | undefined): Promise<Ran> =>
  run(['sh', '-c', line ?? 'false'], { cwd: stack.checkout.folder })

describe('the first start', () => {
  it('brings up the warden', async () => {
    expect((await stack.call('/healthz')).status).toBe(200)
  })

  it('brings up the warden ready to serve', async () => {
    expect(await (await stack.call('/readyz')).json()).toMatchObject({ status: 'ready', problems: [] })
  })

  it('brings up the emulator', async () => {
    expect((await fetch(`${stack.emulator}/__emulator/health`)).status).toBe(200)
  })

  it('serves the documentation from this machine', async () => {
    expect((await stack.call('/docs')).status).toBe(200)
  })

  it('prints where both are', () => {
    expect(stack.printed).toMatch(new RegExp(`${stack.warden}[\\s\\S]*${stack.emulator}`))
  })

  it('writes the demo keys to a file', () => {
    expect(Object.keys(stack.keys)).toEqual(
      expect.arrayContaining(['media-admin', 'media-viewer', 'data-editor', 'platform-owner']),
    )
  })

  it('prints the keys of the file', () => {
    const missing = Object.values(stack.keys).filter((key) => !stack.printed.includes(key))
    expect(missing).toEqual([])
  })

  it('prints no colours where there is no terminal', () => {
    expect(stack.printed).not.toContain('\u001b')
  })

  it.each([
    ['media-admin', 'media', null],
    ['media-viewer', 'media', { role: 'viewer' }],
    ['data-editor', 'data', null],
    ['platform-owner', 'platform', null],
  ])('makes the key %s one of team %s', async (name, team, scope) => {
    const answer = await stack.call('/v1/whoami', { key: stack.key(name) })
    expect(await answer.json()).toMatchObject({ team, key: { name, scope } })
  })
})

describe('the printed lines, pasted', () => {
  let created: Ran
  let refused: Ran
  let trail: Ran
  let log: Ran
  beforeAll(async () => {
    const [create, get, list, show] = printedCurls()
    created = await paste(create)
    refused = await paste(get)
    trail = await paste(list)
    log = await paste(show)
  })

  it('first create a bucket', () => {
    expect(created.stdout).toMatch(/^HTTP\/1\.1 201 [\s\S]*"name":"media-launch"/)
  })

  it('then are refused on a bucket of others, with what is missing', () => {
    expect(refused.stdout).toMatch(
      /^HTTP\/1\.1 403 [\s\S]*"missing":{"permission":"buckets.get","bucket":"finance-ledger"/,
    )
  })

  it('then show the creation on record', () => {
    expect(JSON.parse(trail.stdout)).toMatchObject({
      records: [{ team: 'media', operation: 'buckets.create', bucket: 'media-launch', outcome: 'happened' }],
    })
  })

  it('then show that the allowed call alone reached the emulator, with a look before and after', () => {
    const look = { method: 'GET', operation: 'buckets.get', path: expect.stringMatching(/\/media-launch$/) }
    expect(JSON.parse(log.stdout)).toMatchObject({
      requests: [
        look,
        { method: 'POST', operation: 'buckets.create', body: '{"name":"media-launch"}' },
        look,
      ],
    })
  })

  it("show that it carried the account's token", () => {
    const { requests }: { requests: Received[] } = JSON.parse(log.stdout)
    expect(new Set(requests.map(({ headers }) => headers.authorization))).toEqual(new Set([ACCOUNT_TOKEN]))
  })

  it('show that it carried no key', () => {
    expect(log.stdout).not.toContain('r2w_')
  })

  it('leave a line on the terminal for the allowed call and its looks only', () => {
    expect(stack.printed.match(/^emulator: .*$/gm)).toEqual([
      expect.stringMatching(/^emulator: GET .*\/media-launch → 404 buckets\.get/),
      expect.stringMatching(/^emulator: POST .*\/r2\/buckets → 200 buckets\.create$/),
      expect.stringMatching(/^emulator: GET .*\/media-launch → 200 buckets\.get$/),
    ])
  })
})

describe('Ctrl-C', () => {
  let processes: number[]
  beforeAll(async () => {
    processes = stack.processes
    await stack.interrupt()
  })

  it('leaves no process', () => {
    expect([processes.length > 2, stillRunning(processes)]).toEqual([true, []])
  })

  it('leaves no port taken', async () => {
    expect([await isListening(stack.port), await isListening(stack.emulatorPort)]).toEqual([false, false])
  })
})

describe('the second start, with CLOUDFLARE_API_BASE_URL', () => {
  let forwarder: Forwarder
  let keysBefore: Record<string, string>
  let seen: Response
  beforeAll(async () => {
    keysBefore = stack.keys
    forwarder = await Forwarder.start()
    const env = { CLOUDFLARE_API_BASE_URL: `${forwarder.url}/client/v4` }
    stack = await Stack.start({ checkout: stack.checkout, command: NPM_START, env })
    forwarder.target = stack.emulator
    seen = await stack.call('/v1/buckets/media-launch', { key: stack.key('media-admin') })
  })
  afterAll(() => forwarder.stop())

  it('keeps the buckets', () => {
    expect(seen.status).toBe(200)
  })

  it('keeps the keys', () => {
    expect(stack.keys).toEqual(keysBefore)
  })

  it('keeps the version of the policy', async () => {
    expect(await (await stack.call('/readyz')).json()).toMatchObject({ policyVersion: 1 })
  })

  it('asks what stands at that URL', () => {
    expect(forwarder.seen).toEqual([expect.stringMatching(/^GET \/client\/v4\/.*\/media-launch$/)])
  })

  it('says where it asks', () => {
    expect(stack.printed).toContain(`upstream   ${forwarder.url}/client/v4`)
  })
})
