import { startMinimal, startWarden } from '../harness/contenders.ts'
import { load } from '../harness/load.ts'
import { publicRead } from '../harness/traffic.ts'
import { median } from '../statistics.ts'
import type { Row } from './row.ts'

const PAIRS_PER_ROUND = 3
const NOWHERE = 9 // the port of `discard`: nothing asked here needs an upstream or a store

/**
 * From the start of a process to its first answer, since workerd compiles and runs a Worker's module before
 * it listens. Both sides share what workerd itself takes, which the detail names.
 */
export const firstAnswer: Row = async ({ bundles, options, progress }) => {
  const starts = {
    warden: () => startWarden(bundles.warden, NOWHERE, NOWHERE),
    minimal: () => startMinimal(bundles.minimal),
    empty: () => startMinimal(bundles.empty),
  }
  const times = { warden: [] as number[], minimal: [] as number[], empty: [] as number[] }
  const names = ['warden', 'minimal', 'empty'] as const
  const pairs = options.rounds * PAIRS_PER_ROUND
  for (let pair = 0; pair < pairs; pair++) {
    progress(`first answers ${pair + 1} of ${pairs}`)
    for (const name of pair % 2 === 0 ? names : names.toReversed()) {
      const begin = performance.now()
      const worker = await starts[name]()
      await load({ port: worker.port, traffic: publicRead('/healthz'), connections: 1, count: 1 })
      times[name].push(performance.now() - begin)
      await worker.stop()
    }
  }
  const ratios = times.warden.map((time, index) => time / (times.minimal[index] ?? Number.NaN))
  const ms = (name: keyof typeof times) => `${median(times[name]).toFixed(1)} ms`
  return [
    {
      what: 'first answer of a fresh isolate',
      against: 'a minimal Hono Worker',
      value: median(ratios),
      unit: '×',
      bar: { atMost: 1.6 },
      rounds: ratios,
      detail: `${ms('warden')}, ${ms('minimal')}; workerd itself ${ms('empty')}`,
    },
  ]
}
