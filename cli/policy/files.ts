import { readFileSync } from 'node:fs'
import type { CheckResult } from '../../src/analysis/reading/checked.ts'
import type { Problem, Source } from '../../src/analysis/reading/source.ts'
import { Failure } from '../report.ts'
import { NO_COLORS, type Output } from './output.ts'

export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** A problem for people: where it stands in bold, and with what would be right. */
export function errorLine(
  { file, line, column, path, message, hint }: Problem,
  colors: Output['colors'],
): string {
  const place = colors.bold(`${file}:${line}:${column}:`)
  return `${place} ${path}: ${colors.red(message)}${hint === null ? '' : colors.dim(` (${hint})`)}`
}

/** What was read, or a failure that says all that is wrong with it. */
export function mustBeRight<T>(checked: CheckResult<T>, outcome: string): { data: T; source: Source } {
  if (checked.problems === null) return checked
  throw new Failure([...checked.problems.map((one) => errorLine(one, NO_COLORS)), outcome].join('\n'))
}
