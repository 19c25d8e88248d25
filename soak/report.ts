import { table } from '../cli/table.ts'
import { CHANGED } from './changes.ts'
import type { Soaked } from './soak.ts'

const SHOWN = 20

/** What a run came to, for a terminal. */
export function report({ figures, discrepancies }: Soaked, kills: number, seconds: number): string {
  const { asked, answered, sent, carriedOut, records, outcomes, reconciled, lanes, settledMs } = figures
  const kinds = CHANGED.filter((name) => figures.operations[name]).length
  const rows = [
    ['kills', `${kills}`, `${(seconds / kills).toFixed(1)} s each`],
    ['requests of clients', `${asked}`, listed(answered)],
    ['changes that reached upstream', `${sent}`, `${carriedOut} carried out, ${sent - carriedOut} not`],
    ['  kinds of them', `${kinds}`, `of ${CHANGED.length}`],
    ['records', `${records}`, `${listed(outcomes)}; in ${lanes} lanes`],
    ['  settled by reconciliation', `${total(reconciled)}`, listed(reconciled)],
    ['  the last of them', '', `${(settledMs / 1000).toFixed(1)} s after the last start`],
    ['discrepancies', `${discrepancies.length}`, ''],
  ]
  const shown = discrepancies.slice(0, SHOWN).map(({ kind, what }) => `  ${kind}: ${what}`)
  const rest = discrepancies.length - shown.length
  return [table(rows), ...shown, ...(rest > 0 ? [`  and ${rest} more`] : [])].join('\n')
}

function listed(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name.replaceAll('_', ' ')}`)
    .join(', ')
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
