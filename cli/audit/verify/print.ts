import { count } from '../../../src/analysis/words.ts'
import type { Output } from '../../policy/output.ts'
import type { Report } from './trail.ts'

export function printReport(report: Report, { colors, print }: Output): void {
  const { isWhole, lanes, records, pending, broken, strays } = report
  if (isWhole) {
    const open = pending === 0 ? 'none' : `${pending} of them`
    const found = `${count(lanes, 'lane')}, ${count(records, 'record')}, ${open} pending`
    print(`${colors.green('✓')} The audit trail is whole: ${found}.`)
    return
  }
  for (const { lane, row, problem } of broken) {
    print(
      `${colors.red('✗')} ${colors.bold(lane)} is broken at sequence ${row.sequence}: the record ${problem}.`,
    )
    print(`    record  ${row.id}`)
    print(`    time    ${timeOf(row.at)}`)
  }
  for (const { id, parts } of strays)
    print(
      `${colors.red('✗')} The record ${colors.bold(id)} is gone, but its values are there: ${parts.join(', ')}.`,
    )
  const found = [
    ...(broken.length > 0 ? [`${broken.length} of ${count(lanes, 'lane')} broken`] : []),
    ...(strays.length > 0 ? [`values of ${count(strays.length, 'record')} left over`] : []),
  ]
  print(`\nThe audit trail is not whole: ${colors.red(found.join(', '))}.`)
}

export function reportAsJson({ isWhole, lanes, records, pending, broken, strays }: Report) {
  return {
    whole: isWhole,
    lanes,
    records,
    pending,
    broken: broken.map(({ lane, row: { sequence, id, at }, problem }) => ({
      lane,
      sequence,
      id,
      at: timeOf(at),
      problem,
    })),
    strayValues: strays,
  }
}

/** A time that somebody has changed need not be one. */
function timeOf(at: number): string {
  const time = new Date(at)
  return Number.isNaN(time.getTime()) ? `${at} ms` : time.toISOString()
}
