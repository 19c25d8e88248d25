import { table } from '../cli/table.ts'
import { type Figure, isMet } from './rows/row.ts'
import { middleHalf } from './statistics.ts'

const HEADINGS = ['what', 'against', 'measured', 'bar', '', 'middle half of the rounds', 'behind it']

/** The figures as a table, each with how far its rounds lie apart. */
export const figureTable = (figures: readonly Figure[]): string => table([HEADINGS, ...figures.map(line)])

function line(figure: Figure): string[] {
  const { what, against, value, unit, bar, rounds, detail } = figure
  const met = isMet(figure)
  const [low, high] = rounds ? middleHalf(rounds) : []
  return [
    what,
    against,
    unit === '×' ? `${value.toFixed(3)} ×` : `${value.toFixed(1)} ${unit}`,
    bar ? ('atLeast' in bar ? `≥ ${bar.atLeast}` : `≤ ${bar.atMost}`) : '',
    met === null ? '' : met ? 'met' : 'missed',
    low === undefined || high === undefined ? '' : `${low.toFixed(3)} – ${high.toFixed(3)}`,
    detail,
  ]
}
