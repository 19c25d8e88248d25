import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { Lane } from '../../src/lanes/lane.ts'
import { lanesAsked } from '../lanes-asked.ts'

/** All that the warden keeps, wherever it keeps it, as it keeps it. */

const TABLES = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\'`

export async function everythingKept(): Promise<string> {
  return [await keptInStore(), ...(await keptInLanes())].join('\n')
}

/** Every row of every table of the database. */
async function keptInStore(): Promise<string> {
  const { results: tables } = await env.DB.prepare(TABLES).all<{ name: string }>()
  const rows = await env.DB.batch(tables.map(({ name }) => env.DB.prepare(`SELECT * FROM "${name}"`)))
  const values = rows.flatMap(({ results }) => results.flatMap((row) => Object.values(row as object)))
  return values.join('\n')
}

const keptInLanes = (): Promise<string[]> => Promise.all(lanesAsked().map(keptInLane))

/** Every row of every table, and every value, of a lane. */
export const keptInLane = (lane: string) => keptBy(env.LANES.getByName(lane))

function keptBy(stub: DurableObjectStub<Lane>): Promise<string> {
  return runInDurableObject(stub, async (_, { storage }) => {
    const tables = storage.sql.exec<{ name: string }>(TABLES).toArray()
    const rows = tables.map(({ name }) => [name, ...storage.sql.exec(`SELECT * FROM "${name}"`).raw()])
    return [...rows.flat(2), JSON.stringify([...(await storage.list())])].join('\n')
  })
}

/** Those of some secrets of which there is a trace, as they are or as they may have been written. */
export async function tracesOf(secrets: readonly string[]): Promise<string[]> {
  const kept = await everythingKept()
  return secrets.filter((secret) =>
    [secret, btoa(secret).replaceAll('=', ''), encodeURIComponent(secret)].some((form) =>
      kept.includes(form),
    ),
  )
}
