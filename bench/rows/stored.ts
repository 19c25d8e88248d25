import path from 'node:path'
import { startWarden } from '../harness/contenders.ts'
import { startDatabase } from '../harness/d1.ts'
import { load } from '../harness/load.ts'
import { createStore, type StoreSize } from '../harness/store.ts'
import { mixedReads } from '../harness/traffic.ts'
import { startUpstream } from '../harness/upstream-process.ts'
import { median, quantile } from '../statistics.ts'
import type { Bench, Figure, Row } from './row.ts'

const SMALL_TEAMS = 10
/** A key is looked up once and then known, so a cold request takes a key that was never sent before. */
const COLD_PER_ROUND = 200
const WARM_PER_ROUND = 2000
const WARM_KEYS = 200

/** What a request costs with many teams and keys stored, beside few. One connection, so that it is latency. */
export const stored: Row = async (bench) => {
  const { rounds, teams, keys } = bench.options
  const sample = WARM_KEYS + (rounds + 1) * COLD_PER_ROUND
  await using large = await side(bench, 'large', { teams, keysPerTeam: Math.floor(keys / teams), sample })
  const keysPerTeam = Math.ceil(sample / SMALL_TEAMS)
  await using small = await side(bench, 'small', { teams: SMALL_TEAMS, keysPerTeam, sample })
  const cold = { large: [] as number[], small: [] as number[] }
  const warm = { large: [] as number[], small: [] as number[] }
  for (let round = 0; round <= rounds; round++) {
    bench.progress(`round ${round + 1} of ${rounds + 1}`)
    for (const name of round % 2 === 0 ? (['large', 'small'] as const) : (['small', 'large'] as const)) {
      const { port, known, unknown } = name === 'large' ? large : small
      const from = round * COLD_PER_ROUND
      const first = await load({ port, traffic: unknown, connections: 1, count: COLD_PER_ROUND, from })
      await load({ port, traffic: known, connections: 1, count: WARM_KEYS })
      const again = await load({ port, traffic: known, connections: 1, count: WARM_PER_ROUND })
      if (round === 0) continue // the first warms both up
      cold[name].push(quantile(first.latencies, 0.5))
      warm[name].push(quantile(again.latencies, 0.5))
    }
  }
  const stores = `${teams} teams and ${teams * Math.floor(keys / teams)} keys, ${SMALL_TEAMS} teams and ${SMALL_TEAMS * keysPerTeam} keys`
  return [
    figure('a request with a key not seen before', cold, stores),
    figure('a request with a known key', warm, stores),
  ]
}

function figure(what: string, times: Record<'large' | 'small', number[]>, stores: string): Figure {
  const ratios = times.large.map((time, index) => time / (times.small[index] ?? Number.NaN))
  return {
    what: `${what}, a large store`,
    against: 'a small store',
    value: median(ratios),
    unit: '×',
    bar: { atMost: 1.05 },
    rounds: ratios,
    detail: `${median(times.large).toFixed(3)} ms, ${median(times.small).toFixed(3)} ms; ${stores}`,
  }
}

async function side({ bundles, folder, progress }: Bench, name: string, size: StoreSize) {
  progress(`filling the ${name} store: ${size.teams} teams, ${size.teams * size.keysPerTeam} keys`)
  await using stack = new AsyncDisposableStack()
  const store = await createStore(path.join(folder, name), size)
  const upstream = stack.use(await startUpstream())
  const database = stack.use(await startDatabase(store.database))
  const { port } = stack.use(await startWarden(bundles.warden, upstream.port, database.port))
  const known = mixedReads(store.keys.slice(0, WARM_KEYS), WARM_KEYS).warden
  const coldKeys = store.keys.slice(WARM_KEYS)
  const unknown = mixedReads(coldKeys, coldKeys.length).warden
  const all = stack.move()
  return { port, known, unknown, [Symbol.asyncDispose]: () => all.disposeAsync() }
}
