import path from 'node:path'
import { startPassThrough, startWarden } from '../harness/contenders.ts'
import { startDatabase } from '../harness/d1.ts'
import { type LoadOptions, load, type Traffic } from '../harness/load.ts'
import { createStore } from '../harness/store.ts'
import { mixedReads } from '../harness/traffic.ts'
import { startUpstream } from '../harness/upstream-process.ts'
import type { Workerd } from '../harness/workerd.ts'
import type { Bench } from './row.ts'

const TEAMS = 1000
const REQUESTS = 20_000
/** Enough that V8 has made machine code of whatever it will. */
const WARM_UP = 20_000

interface Side {
  readonly process: Workerd
  readonly traffic: Traffic
}

interface Stage extends AsyncDisposable {
  readonly warden: Side
  readonly passThrough: Side
}

/** One side's turn in a round. */
export interface Turn {
  readonly rate: number
  /** Seconds of processor time per request. */
  readonly cpu: number | null
  readonly latencies: Float64Array
}

export interface Round {
  readonly warden: Turn
  readonly passThrough: Turn
}

/** Both sides on one upstream, in processes of the same age that have answered as many requests. */
export async function stage({ bundles, folder, progress }: Bench): Promise<Stage> {
  progress('starting the warden, the pass-through and what they need')
  await using stack = new AsyncDisposableStack()
  const store = await createStore(path.join(folder, `reads-${process.hrtime.bigint()}`), {
    teams: TEAMS,
    keysPerTeam: 1,
    sample: TEAMS,
  })
  const upstream = stack.use(await startUpstream())
  const database = stack.use(await startDatabase(store.database))
  const traffic = mixedReads(store.keys, REQUESTS)
  const warden = {
    process: stack.use(await startWarden(bundles.warden, upstream.port, database.port)),
    traffic: traffic.warden,
  }
  const passThrough = {
    process: stack.use(await startPassThrough(bundles.passThrough, upstream.port)),
    traffic: traffic.passThrough,
  }
  progress('warming both up')
  for (const side of [warden, passThrough]) await turn(side, { connections: 16, count: WARM_UP })
  const all = stack.move()
  return { warden, passThrough, [Symbol.asyncDispose]: () => all.disposeAsync() }
}

/** Rounds in which each side has its turn; who is first changes with every round. */
export async function measure(
  { warden, passThrough }: Stage,
  rounds: number,
  progress: (text: string) => void,
  load: Omit<LoadOptions, 'port' | 'traffic'>,
): Promise<Round[]> {
  const measured: Round[] = []
  for (let round = 0; round < rounds; round++) {
    progress(`round ${round + 1} of ${rounds}`)
    const from = round * TEAMS
    if (round % 2 === 0) {
      const first = await turn(warden, { ...load, from })
      measured.push({ warden: first, passThrough: await turn(passThrough, { ...load, from }) })
    } else {
      const first = await turn(passThrough, { ...load, from })
      measured.push({ warden: await turn(warden, { ...load, from }), passThrough: first })
    }
  }
  return measured
}

/** Before it counts, every key is seen once: while the other side had its turn, what is known of it grew old. */
async function turn(side: Side, options: Omit<LoadOptions, 'port' | 'traffic'>): Promise<Turn> {
  const { process, traffic } = side
  await load({ port: process.port, traffic, connections: 16, count: TEAMS })
  const before = process.cpu
  const { answered, seconds, latencies } = await load({ port: process.port, traffic, ...options })
  const after = process.cpu
  const cpu = before === null || after === null ? null : (after - before) / answered
  return { rate: answered / seconds, cpu, latencies }
}
