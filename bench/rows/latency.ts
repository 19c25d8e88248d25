import { median, quantile } from '../statistics.ts'
import { measure, stage } from './reading.ts'
import type { Row } from './row.ts'

const CONNECTIONS = 64
/** Of what the slower side can do: below saturation, where latency is the Worker's and not the queue's. */
const SHARE = 0.5

/**
 * The slowest of a hundred answers, both sides at one and the same rate, requests leaving whether or not the
 * earlier ones were answered. As fast as they go, latency would only be the first row's figure again.
 */
export const latency: Row = async (bench) => {
  await using both = await stage(bench)
  const { rounds, seconds } = bench.options
  const fastest = await measure(both, 3, () => undefined, { connections: 16, seconds: Math.min(1, seconds) })
  const slower = Math.min(
    ...(['warden', 'passThrough'] as const).map((side) => median(fastest.map((turn) => turn[side].rate))),
  )
  const rate = Math.round(slower * SHARE)
  const turns = await measure(both, rounds, bench.progress, { connections: CONNECTIONS, seconds, rate })
  const figure = (what: string, share: number, bar: { bar?: { atMost: number } }) => {
    const of = (side: 'warden' | 'passThrough') => turns.map((turn) => quantile(turn[side].latencies, share))
    const [warden, passThrough] = [of('warden'), of('passThrough')]
    const ratios = warden.map((value, index) => value / (passThrough[index] ?? Number.NaN))
    return {
      what,
      against: 'a bare pass-through Worker',
      value: median(ratios),
      unit: '×' as const,
      ...bar,
      rounds: ratios,
      detail: `${median(warden).toFixed(2)} ms, ${median(passThrough).toFixed(2)} ms, at ${rate}/s`,
    }
  }
  return [
    figure('p99 latency of the same reads', 0.99, { bar: { atMost: 1.15 } }),
    figure('p50 latency of the same reads', 0.5, {}),
  ]
}
