import { startMinimal, startWarden } from '../harness/contenders.ts'
import { load } from '../harness/load.ts'
import { publicRead } from '../harness/traffic.ts'
import { median } from '../statistics.ts'
import type { Row } from './row.ts'

const PAIRS_PER_ROUND = 3
const NOWHERE = 9 // the port of `discard`: nothing asked here needs an upstream or a store

/**
 * From the start of a process to its first answer: workerd compiles and runs a Worker's module before it
 * listens, so what an isolate takes to start lies mostly there. Both sides have in it what workerd itself
 * takes, which the detail names. The second figure is what is left for the first request.
 */
export const firstAnswer: Row = async ({ bundles, options, progress }) => {
  const starts = {
    warden: () => startWarden(bundles.warden, NOWHERE, NOWHERE),
    minimal: () => startMinimal(bundles.minimal),
    empty: () => startMinimal(bundles.empty),
  }
  const times = { warden: [] as number[], minimal: [] as number[], empty: [] as number[] }
  const requests = { warden: [] as number[], minimal: [] as number[], empty: [] as number[] }
  const names = ['warden', 'minimal', 'empty'] as const
  const pairs = options.rounds * PAIRS_PER_ROUND
  for (let pair = 0; pair < pairs; pair++) {
    progress(`first answers ${pair + 1} of ${pairs}`)
    for (const name of pair % 2 === 0 ? names : names.toReversed()) {
      const begin = performance.now()
      const worker = await starts[name]()
      const { latencies } = await load({
        port: worker.port,
        traffic: publicRead('/healthz'),
        connections: 1,
        count: 1,
      })
      times[name].push(performance.now() - begin)
      requests[name].push(latencies[0] ?? Number.NaN)
      await worker.stop()
    }
  }
  const against = 'a minimal Hono Worker'
  const ms = (measured: readonly number[]) => `${median(measured).toFixed(1)} ms`
  const ratios = (measured: typeof times) =>
    measured.warden.map((time, index) => time / (measured.minimal[index] ?? Number.NaN))
  return [
    {
      what: 'first answer of a fresh isolate, with its start',
      against,
      value: median(ratios(times)),
      unit: '×',
      bar: { atMost: 1.6 },
      rounds: ratios(times),
      detail: `${ms(times.warden)}, ${ms(times.minimal)}; workerd itself ${ms(times.empty)}`,
    },
    {
      what: 'the first request alone, once it listens',
      against,
      value: median(ratios(requests)),
      unit: '×',
      rounds: ratios(requests),
      detail: `${ms(requests.warden)}, ${ms(requests.minimal)}`,
    },
  ]
}
