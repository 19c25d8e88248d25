import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Checkout } from './checkout.ts'
import { freePort, isListening } from './processes.ts'
import { type Ran, run } from './run.ts'

/** What `npm start` says when it can't. */

let checkout: Checkout
beforeAll(() => {
  checkout = new Checkout()
})
afterAll(() => checkout.remove())

const start = (env: Record<string, string>): Promise<Ran> =>
  run([process.execPath, 'scripts/start.ts'], { cwd: checkout.folder, env })

async function ports() {
  return { PORT: String(await freePort()), EMULATOR_PORT: String(await freePort()) }
}

describe.each(['PORT', 'EMULATOR_PORT'] as const)('with %s taken', (variable) => {
  let others: Server
  let chosen: Awaited<ReturnType<typeof ports>>
  let ran: Ran
  beforeAll(async () => {
    chosen = await ports()
    others = createServer()
    await new Promise<void>((resolve) => others.listen(Number(chosen[variable]), '0.0.0.0', resolve))
    ran = await start(chosen)
  })
  afterAll(() => {
    others.close()
  })

  it('it ends with code 1', () => {
    expect(ran.code).toBe(1)
  })

  it('it says which port, and how to choose another', () => {
    expect(ran.stderr).toMatch(
      new RegExp(`^Port ${chosen[variable]} is in use\\. .*${variable}=\\d+ npm start\n$`),
    )
  })

  it('it has not begun anything', async () => {
    const other = variable === 'PORT' ? chosen.EMULATOR_PORT : chosen.PORT
    expect([ran.stdout, await isListening(Number(other))]).toEqual(['', false])
  })
})

describe('a port that is none is refused by name', () => {
  it.each(['abc', '0', '65536', '-1', '80.5', '８７８７'])('%j', async (value) => {
    const { code, stderr } = await start({ ...(await ports()), EMULATOR_PORT: value })
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^EMULATOR_PORT=.* is not a port: .*\n$/)])
  })
})

it('one port for both is refused', async () => {
  const { PORT } = await ports()
  const { code, stderr } = await start({ PORT, EMULATOR_PORT: PORT })
  expect([code, stderr]).toEqual([1, 'PORT and EMULATOR_PORT must differ.\n'])
})
