/** `npm start`: the warden and the emulator on this machine, with a policy, demo keys, and lines to paste. */
import { Failure } from '../cli/report.ts'
import { prepareDatabase } from './start/database.ts'
import { emulatorSettings } from './start/emulator.ts'
import { assertPortsAreFree, portFrom } from './start/ports.ts'
import { Servers } from './start/servers.ts'
import { printTour } from './start/tour.ts'

const servers = new Servers()
const stopped = Promise.withResolvers<void>()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopped.resolve())

async function run(): Promise<void> {
  const port = portFrom('PORT', 8787)
  const emulatorPort = portFrom('EMULATOR_PORT', 8788)
  await assertPortsAreFree({ PORT: port, EMULATOR_PORT: emulatorPort })

  const emulator = `http://localhost:${emulatorPort}`
  const upstream = process.env.CLOUDFLARE_API_BASE_URL || `${emulator}/client/v4`
  const { accountId, token } = emulatorSettings()

  console.log('Preparing the local database …')
  const { keys, problems } = await prepareDatabase()
  console.log('Starting the warden and the emulator …')
  await Promise.all([
    servers.start({
      name: 'emulator',
      config: 'emulator/wrangler.toml',
      port: emulatorPort,
      vars: {},
      probe: '/__emulator/health',
    }),
    servers.start({
      name: 'warden',
      config: 'wrangler.toml',
      port,
      vars: {
        CLOUDFLARE_API_BASE_URL: upstream,
        CLOUDFLARE_ACCOUNT_ID: accountId,
        CLOUDFLARE_API_TOKEN: token,
      },
      probe: '/healthz',
    }),
  ])
  printTour({ warden: `http://localhost:${port}`, emulator, upstream, keys, problems })
  await new Promise(() => undefined)
}

try {
  await Promise.race([run(), stopped.promise, servers.failed.promise])
} catch (error) {
  if (!(error instanceof Failure)) throw error
  console.error(error.message)
  process.exitCode = 1
} finally {
  await servers.stop()
}
process.exit()
