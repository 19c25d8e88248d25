import { percentOf, type RuleCoverage } from '../../../src/analysis/cases/coverage.ts'
import type { Result } from '../../../src/analysis/cases/run.ts'
import type { Problem } from '../../../src/analysis/reading/source.ts'
import { count } from '../../../src/analysis/words.ts'
import { table } from '../../table.ts'
import type { Output } from '../output.ts'

/** A case that ran, and where it stands. */
export interface LocatedResult extends Result {
  readonly place: Problem
}

export function printResults(results: readonly LocatedResult[], { colors, print }: Output): void {
  for (const { case: one, passed, outcome, faults, place } of results) {
    if (passed) {
      print(`${colors.green('✓')} ${one.name}`)
      continue
    }
    const by = one.by === undefined ? '' : ` by ${one.by}`
    print(`${colors.red('✗')} ${one.name}  ${colors.dim(`${place.file}:${place.line}`)}`)
    print(`    expected  ${one.expect}${by}`)
    if (outcome) {
      print(`    happened  ${outcome.result} by ${outcome.by.join(', ')}`)
      print(`    because   ${outcome.why}`)
    }
    for (const { pointer, message } of faults) print(`    not asked ${pointer}: ${message}`)
  }
  const failed = results.filter(({ passed }) => !passed).length
  const passed = colors.green(`${results.length - failed} passed`)
  print(
    `\n${count(results.length, 'case')}: ${passed}${failed === 0 ? '' : `, ${colors.red(`${failed} failed`)}`}`,
  )
}

export function printCoverage(covered: readonly RuleCoverage[], { colors, print }: Output): void {
  const rows = covered.map(({ rule, name, kind, decided, passed, lacks }) => [
    rule,
    name,
    kind === 'guardrail'
      ? `${decided} violating, ${passed} passing`
      : `${decided} ${kind === 'grant' ? 'allowed' : 'denied'}`,
    lacks === null ? colors.green('covered') : colors.yellow(`untested: ${lacks}`),
  ])
  print('\nCoverage (a guardrail is covered when a case violates it and another passes it)')
  if (rows.length > 0) print(table([['rule', 'name', 'cases', ''].map(colors.dim), ...rows], '  '))
  const whole = covered.filter(({ lacks }) => lacks === null).length
  print(`${whole} of ${count(covered.length, 'rule')} covered: ${percentOf(covered)} %`)
}
