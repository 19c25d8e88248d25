import { type Command, InvalidArgumentError } from 'commander'
import { diffPolicies, isWider } from '../../../src/analysis/diff/diff.ts'
import { checkPolicyFile } from '../../policy-file.ts'
import { mustBeRight } from '../files.ts'
import { type Output, printJson } from '../output.ts'
import { printDiff } from './print.ts'

interface DiffOptions {
  readonly examples: number
  readonly failOnGain: boolean
  readonly json: boolean
}

export function addDiffCommand(policy: Command, output: Output): void {
  policy
    .command('diff')
    .argument('<old>', 'policy document as it is')
    .argument('<new>', 'policy document as it would be')
    .option(
      '--examples <count>',
      'at most as many requests per team that are allowed now, and that are denied',
      number,
      3,
    )
    .option('--fail-on-gain', 'exit with 2 when somebody may do more than before', false)
    .option('--json', 'print JSON', false)
    .description('Tell which permissions each team gains and loses, with requests that change their answer')
    .addHelpText(
      'after',
      `
Exit code: 0, whatever differs; with --fail-on-gain 2 when a team gains something, or a role that keys may be
narrowed to grows. 1 is for a document that is not valid. So CI can ask for a second pair of eyes only where
a change gives somebody more.

Examples:
  npx warden policy diff policy/example.yaml new.yaml
  git show main:policy/policy.yaml > old.yaml
  npx warden policy diff old.yaml policy/policy.yaml --fail-on-gain`,
    )
    .action((oldFile: string, newFile: string, options: DiffOptions) => {
      const { data: before } = mustBeRight(checkPolicyFile(oldFile), 'Nothing was compared.')
      const { data: after } = mustBeRight(checkPolicyFile(newFile), 'Nothing was compared.')
      const diff = diffPolicies(before, after, options.examples)
      if (options.json) printJson(output, diff)
      else printDiff(diff, output)
      output.exit(options.failOnGain && isWider(diff) ? 2 : 0)
    })
}

function number(text: string): number {
  if (!/^[0-9]{1,3}$/.test(text)) throw new InvalidArgumentError('A whole number, at most 999.')
  return Number(text)
}
