import { type Command, InvalidArgumentError } from 'commander'
import { checkCases } from '../../../src/analysis/cases/cases.ts'
import { coverageOf, percentOf, type RuleCoverage } from '../../../src/analysis/cases/coverage.ts'
import { runCase } from '../../../src/analysis/cases/run.ts'
import { checkPolicyFile } from '../../policy-file.ts'
import { mustBeRight, readText } from '../files.ts'
import { type Output, printJson } from '../output.ts'
import { type LocatedResult, printCoverage, printResults } from './print.ts'

interface TestOptions {
  readonly cases?: string
  readonly minCoverage?: number
  readonly json: boolean
}

export function addTestCommand(policy: Command, output: Output): void {
  policy
    .command('test')
    .argument('<file>', 'policy document, YAML or JSON')
    .option('--cases <file>', 'the cases (default: beside it, such as example.test.yaml of example.yaml)')
    .option('--min-coverage <percent>', 'fail when fewer of the rules are covered', percent)
    .option('--json', 'print JSON', false)
    .description('Run the cases of a policy document, and tell which rules no case shows')
    .addHelpText(
      'after',
      `
Exit code: 0 when every case passes (and coverage is enough), 1 otherwise.

A case says who, what, where and with which value, and what must come of it:
  cases:
    - name: media reads from its own site
      team: media
      operation: buckets.cors.update
      bucket: media-assets
      body: { rules: [{ allowed: { origins: ["https://www.media.example.com"], methods: [GET] } }] }
      expect: allow                  # allow, warn or deny
      by: teams.media.grants[0]      # a grant, a deny rule, a guardrail, no-grant or out-of-scope
It may also have jurisdiction, domain, queueId, the scope of a key, the time (now) and, for guardrails that
compare, what is there now: current: { buckets.locks.get: { rules: [] } }.

Examples:
  npx warden policy test policy/example.yaml
  npx warden policy test policy/example.yaml --min-coverage 100`,
    )
    .action((file: string, options: TestOptions) => {
      const { results, covered } = test(file, options)
      const percent = percentOf(covered)
      if (options.json) printJson(output, reportOf(results, covered))
      else {
        printResults(results, output)
        printCoverage(covered, output)
      }
      const isEnough = percent >= (options.minCoverage ?? 0)
      if (!isEnough) output.remark(`Coverage is ${percent} %, below the ${options.minCoverage} % asked for.`)
      output.exit(isEnough && results.every(({ passed }) => passed) ? 0 : 1)
    })
}

function test(file: string, options: TestOptions) {
  const { data: document } = mustBeRight(checkPolicyFile(file), 'Nothing was tested.')
  const casesFile = options.cases ?? casesFileOf(file)
  const { data, source } = mustBeRight(
    checkCases(casesFile, readText(casesFile), document),
    'Nothing was tested.',
  )
  const results = data.cases.map(
    (one, index): LocatedResult => ({
      ...runCase(document, one),
      place: source.problem(['cases', index], ''),
    }),
  )
  return { results, covered: coverageOf(document, results) }
}

/** Where the cases of a policy are, unless said otherwise: beside it. */
function casesFileOf(policyFile: string): string {
  return policyFile.replace(/(\.ya?ml|\.json)?$/, '.test.yaml')
}

function reportOf(results: readonly LocatedResult[], covered: readonly RuleCoverage[]) {
  return {
    passed: results.filter(({ passed }) => passed).length,
    failed: results.filter(({ passed }) => !passed).length,
    cases: results.map(({ case: { name, expect, by }, passed, outcome, faults, place }) => ({
      name,
      file: place.file,
      line: place.line,
      passed,
      expected: { result: expect, ...(by !== undefined && { by }) },
      happened: outcome,
      ...(faults.length > 0 && { faults }),
    })),
    coverage: { percent: percentOf(covered), rules: covered },
  }
}

function percent(text: string): number {
  const number = /^[0-9]{1,3}$/.test(text) ? Number(text) : 101
  if (number > 100) throw new InvalidArgumentError('A whole number from 0 to 100.')
  return number
}
