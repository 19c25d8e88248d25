import { median } from '../statistics.ts'
import { measure, stage } from './reading.ts'
import type { Row } from './row.ts'

const CONNECTIONS = 16

/**
 * How many reads per second one core does: both sides as fast as they answer. The figure beside it, processor
 * time per request, says the same without the share of the core that other work took meanwhile.
 */
export const reads: Row = async (bench) => {
  await using both = await stage(bench)
  const { rounds, seconds } = bench.options
  const turns = await measure(both, rounds, bench.progress, { connections: CONNECTIONS, seconds })
  const rates = turns.map(({ warden, passThrough }) => warden.rate / passThrough.rate)
  const costs = turns.flatMap(({ warden, passThrough }) =>
    warden.cpu === null || passThrough.cpu === null ? [] : [passThrough.cpu / warden.cpu],
  )
  const perSecond = (side: 'warden' | 'passThrough') =>
    median(turns.map((turn) => turn[side].rate)).toFixed(0)
  const microseconds = (side: 'warden' | 'passThrough') =>
    median(turns.map((turn) => (turn[side].cpu ?? Number.NaN) * 1e6)).toFixed(0)
  const against = 'a bare pass-through Worker'
  return [
    {
      what: 'reads per second, mixed, 1,000 teams, warm',
      against,
      value: median(rates),
      unit: '×',
      bar: { atLeast: 0.92 },
      rounds: rates,
      detail: `${perSecond('warden')}/s, ${perSecond('passThrough')}/s`,
    },
    ...(costs.length === 0
      ? []
      : [
          {
            what: 'the same, per processor second',
            against,
            value: median(costs),
            unit: '×' as const,
            rounds: costs,
            detail: `${microseconds('warden')} µs, ${microseconds('passThrough')} µs a request`,
          },
        ]),
  ]
}
