import { type Capnp, Embedded } from './capnp.ts'
import { MEASURED } from './cores.ts'
import { RPC_HOST } from './d1.ts'
import { Workerd } from './workerd.ts'

const COMPATIBILITY_DATE = '2026-10-01'
export const ACCOUNT_ID = 'd41d8cd98f00b204e9800998ecf84271'
const TOKEN = 'bench-token-0123456789abcdefghijklmnopqr'

interface Parts {
  readonly script: string
  readonly bindings?: readonly Capnp[]
  readonly services?: readonly Capnp[]
}

/** A Worker alone in a process: its socket leads straight to it, and its `fetch` straight to the network. */
function startWorker({ script, bindings = [], services = [] }: Parts): Promise<Workerd> {
  const worker = {
    modules: [{ name: 'index.js', esModule: new Embedded('index.js') }],
    compatibilityDate: COMPATIBILITY_DATE,
    bindings,
    globalOutbound: 'internet',
  }
  const config = {
    services: [
      { name: 'main', worker },
      { name: 'internet', network: { allow: ['public', 'private'] } },
      ...services,
    ],
    sockets: [{ name: 'main', address: '127.0.0.1:0', http: {}, service: 'main' }],
  }
  return Workerd.start({ config, files: { 'index.js': script }, core: MEASURED })
}

/** The warden as it is deployed, with D1 in another process. */
export function startWarden(script: string, upstreamPort: number, databasePort: number): Promise<Workerd> {
  return startWorker({
    script,
    bindings: [
      { name: 'CLOUDFLARE_API_BASE_URL', text: `http://127.0.0.1:${upstreamPort}/client/v4` },
      { name: 'CLOUDFLARE_ACCOUNT_ID', text: ACCOUNT_ID },
      { name: 'CLOUDFLARE_API_TOKEN', text: TOKEN },
      {
        name: 'DB',
        wrapped: {
          moduleName: 'cloudflare-internal:d1-api',
          innerBindings: [{ name: 'fetcher', service: 'd1' }],
        },
      },
    ],
    services: [
      {
        name: 'd1',
        external: { address: `127.0.0.1:${databasePort}`, http: { capnpConnectHost: RPC_HOST } },
      },
    ],
  })
}

export function startPassThrough(script: string, upstreamPort: number): Promise<Workerd> {
  return startWorker({
    script,
    bindings: [
      { name: 'BASE_URL', text: `http://127.0.0.1:${upstreamPort}` },
      { name: 'TOKEN', text: TOKEN },
    ],
  })
}

export function startMinimal(script: string): Promise<Workerd> {
  return startWorker({ script })
}
