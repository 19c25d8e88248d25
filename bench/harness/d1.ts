import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type Json, Miniflare } from 'miniflare'
import { type Capnp, Embedded } from './capnp.ts'
import { MEASURING } from './cores.ts'
import { Workerd } from './workerd.ts'

const DATABASE = 'bench'
const ENTRY = 'd1:db:entry'
/** The services that D1 is made of in Miniflare. */
const SERVICES = [ENTRY, 'd1:storage', 'd1:db']
/** Where the processes speak RPC with each other; any name does, if both have the same. */
export const RPC_HOST = 'bench.rpc.invalid'

/** Miniflare's D1 as it is stored: the SQLite file of an empty database, and the Workers that serve it. */
export interface EmptyDatabase {
  readonly file: string
  readonly services: readonly Service[]
  /** Modules of Miniflare's that those Workers import. */
  readonly extensions: Json
}

interface Service {
  readonly name: string
  readonly [field: string]: Json
}

/** Has Miniflare make an empty database in a folder, and notes which Workers it would serve it with. */
export async function createDatabase(folder: string): Promise<EmptyDatabase> {
  mkdirSync(folder, { recursive: true })
  const noted = path.join(folder, 'miniflare.json')
  process.env.MINIFLARE_WORKERD_CONFIG_DEBUG = noted
  try {
    const miniflare = new Miniflare({
      resourcePersistencePath: folder,
      workers: [
        {
          config: {
            name: 'bench',
            compatibilityDate: '2026-10-01',
            manifest: {
              mainModule: 'index.mjs',
              modulesRoot: '/',
              modules: { 'index.mjs': { type: 'esm', contents: 'export default {}' } },
            },
            env: { DB: { type: 'd1', id: DATABASE } },
          },
        },
      ],
    })
    const database = await miniflare.getD1Database('DB')
    await database.prepare('SELECT 1').run()
    await miniflare.dispose()
  } finally {
    delete process.env.MINIFLARE_WORKERD_CONFIG_DEBUG
  }
  const { services, extensions }: { services: Service[]; extensions: Json } = JSON.parse(
    readFileSync(noted, 'utf8'),
  )
  const objects = path.join(folder, 'd1', 'miniflare-D1DatabaseObject')
  const file = readdirSync(objects).find((name) => /^[0-9a-f]{64}\.sqlite$/.test(name))
  const ours = services.filter(({ name }) => SERVICES.includes(name))
  if (!file || ours.length !== SERVICES.length) throw new Error('this Miniflare keeps D1 in another way')
  return { file: path.join(objects, file), services: ours, extensions }
}

/** Serves a database from a process of its own, as D1 is served: never from the process of the Worker. */
export function startDatabase({ services, extensions }: EmptyDatabase): Promise<Workerd> {
  const files: Record<string, string> = {}
  const embed = (value: Json, key = ''): Capnp => {
    if (key === 'esModule' && typeof value === 'string') {
      const name = `module-${Object.keys(files).length}.js`
      files[name] = value
      return new Embedded(name)
    }
    if (Array.isArray(value)) return value.filter(isServed).map((item) => embed(item))
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, embed(field, name)]))
    return value ?? ''
  }
  const config = {
    services: services.map((service) => embed(service)),
    extensions: embed(extensions),
    sockets: [
      {
        name: 'main',
        address: '127.0.0.1:0',
        http: { capnpConnectHost: RPC_HOST },
        service: { name: ENTRY, props: { json: JSON.stringify({ MINIFLARE_NAMESPACE: DATABASE }) } },
      },
    ],
  }
  return Workerd.start({ config, files, core: MEASURING })
}

/** Miniflare's own server, for logs and snapshots, isn't there. */
function isServed(value: Json): boolean {
  return !(
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    value.name === 'MINIFLARE_LOOPBACK'
  )
}
