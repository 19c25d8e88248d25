import type { Command } from 'commander'
import type { WarningRule } from '../../../src/analysis/lint/warning.ts'
import { warningsOn } from '../../../src/analysis/lint/warnings.ts'
import type { Problem } from '../../../src/analysis/reading/source.ts'
import { count } from '../../../src/analysis/words.ts'
import { checkPolicyFile } from '../../policy-file.ts'
import { errorLine } from '../files.ts'
import { type Output, printJson } from '../output.ts'
import { readBucketList } from './bucket-list.ts'

interface CheckOptions {
  readonly buckets?: string
  readonly json: boolean
  readonly strict: boolean
}

interface Finding extends Problem {
  readonly rule?: WarningRule
}

interface Report {
  readonly valid: boolean
  readonly errors: readonly Finding[]
  readonly warnings: readonly Finding[]
  readonly summary: string
}

export function addCheckCommand(policy: Command, output: Output): void {
  policy
    .command('check')
    .argument('<file>', 'policy document, YAML or JSON')
    .option(
      '--buckets <list>',
      'buckets there are: a file, or names between commas; patterns that match none are named',
    )
    .option('--strict', 'exit with 1 for a warning too', false)
    .option('--json', 'print JSON', false)
    .description('Find errors in a policy document, and what it says without meaning it')
    .addHelpText(
      'after',
      `
Exit code: 0 without errors, 1 otherwise; with --strict 1 for warnings too.

Examples:
  npx warden policy check policy/example.yaml
  npx warden policy check policy/example.yaml --buckets media-assets,eu/media-assets --strict
  curl -H "authorization: Bearer $KEY" https://…/v1/buckets > buckets.json
  npx warden policy check policy/example.yaml --buckets buckets.json --json`,
    )
    .action((file: string, options: CheckOptions) => {
      const report = check(file, options)
      if (options.json) printJson(output, { file, ...report })
      else print(report, output)
      output.exit(report.valid && !(options.strict && report.warnings.length > 0) ? 0 : 1)
    })
}

function check(file: string, { buckets }: CheckOptions): Report {
  const known = buckets === undefined ? null : readBucketList(buckets)
  const read = checkPolicyFile(file)
  if (read.problems)
    return { valid: false, errors: read.problems, warnings: [], summary: `${file} is not valid` }
  const { data: document, source } = read
  const warnings = warningsOn(document, known)
    .map(({ rule, path, message }) => ({ rule, ...source.problem(path, message) }))
    .sort((one, other) => one.line - other.line || one.column - other.column)
  const teams = count(Object.keys(document.teams).length, 'team')
  return { valid: true, errors: [], warnings, summary: `${file} is valid: ${teams}` }
}

function print({ errors, warnings, summary, valid }: Report, { colors, print }: Output): void {
  for (const one of errors) print(errorLine(one, colors))
  for (const { file, line, column, path, message, rule } of warnings) {
    const place = colors.bold(`${file}:${line}:${column}:`)
    print(`${place} ${colors.yellow('warning:')} ${path}: ${message} ${colors.dim(`[${rule}]`)}`)
  }
  const found = warnings.length > 0 ? colors.yellow(count(warnings.length, 'warning')) : 'no warnings'
  print(valid ? `${summary}, ${found}` : `${summary}: ${colors.red(count(errors.length, 'error'))}`)
}
