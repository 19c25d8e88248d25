/** `npm start`: the warden and the emulator on this machine, with a policy, demo keys, and lines to paste. */
import * as z from 'zod'
import { stopWrangler } from '../cli/d1.ts'
import { Failure } from '../cli/report.ts'
import { prepareDatabase } from './start/database.ts'
import { emulatorSettings } from './start/emulator.ts'
import { assertPortsAreFree, portFrom } from './start/ports.ts'
import { Servers } from './start/servers.ts'
import { printTour } from './start/tour.ts'

const servers = new Servers()
const stopped = Promise.withResolvers<void>()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopped.resolve())
// A reader that left, as `head` does, is no reason to leave the servers behind.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => stopped.resolve())
// npm puts a shell in between, which ends without passing a signal on.
if (process.env.npm_lifecycle_event) {
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && stopped.resolve(), 500).unref()
}

async function run(): Promise<void> {
  const port = portFrom('PORT', 8787)
  const emulatorPort = portFrom('EMULATOR_PORT', 8788)
  await assertPortsAreFree({ PORT: port, EMULATOR_PORT: emulatorPort })

  const emulator = `http://localhost:${emulatorPort}`
  const upstream = process.env.CLOUDFLARE_API_BASE_URL || `${emulator}/client/v4`

  console.log('Preparing the local database, starting the emulator …')
  const [keys, { accountId, token }] = await Promise.all([
    prepareDatabase(),
    emulatorSettings(),
    servers.start({
      name: 'emulator',
      config: 'emulator/wrangler.toml',
      port: emulatorPort,
      vars: {},
      probe: '/__emulator/health',
      tell: /^[A-Z]+ \/client\/v4\/.* → \d{3} /,
    }),
  ])
  console.log('Starting the warden …')
  await servers.start({
    name: 'warden',
    config: 'wrangler.toml',
    port,
    vars: {
      CLOUDFLARE_API_BASE_URL: upstream,
      CLOUDFLARE_ACCOUNT_ID: accountId,
      CLOUDFLARE_API_TOKEN: token,
    },
    probe: '/healthz',
  })
  const warden = `http://localhost:${port}`
  printTour({ warden, emulator, upstream, keys, problems: await problemsOf(warden) })
  await new Promise(() => undefined)
}

/** What keeps the warden from serving: a policy that can't be read, a setting that isn't valid. */
async function problemsOf(warden: string): Promise<readonly string[]> {
  const readiness = z.object({ problems: z.array(z.string()) })
  return readiness.parse(await (await fetch(`${warden}/readyz`)).json()).problems
}

try {
  await Promise.race([run(), stopped.promise, servers.failed.promise])
} catch (error) {
  if (!(error instanceof Failure)) throw error
  console.error(error.message)
  process.exitCode = 1
} finally {
  await Promise.all([stopWrangler(), servers.stop()])
}
process.exit()
