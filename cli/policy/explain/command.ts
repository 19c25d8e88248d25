import type { Command } from 'commander'
import { decideOnEvidence } from '../../../src/analysis/evidence.ts'
import { policyOfTeam } from '../../../src/analysis/team-policy.ts'
import { explainDecision } from '../../../src/policy/explain.ts'
import { checkPolicyFile } from '../../policy-file.ts'
import { mustBeRight } from '../files.ts'
import { type Output, printJson } from '../output.ts'
import { demand, type Flags, factsFromFlags, readValue, scopeFromFlags } from './flags.ts'
import { printDecision } from './print.ts'

interface ExplainOptions extends Flags {
  readonly json: boolean
  readonly exitCode: boolean
}

const list = (text: string) => text.split(',').map((part) => part.trim())

export function addExplainCommand(policy: Command, output: Output): void {
  policy
    .command('explain')
    .argument('<file>', 'policy document, YAML or JSON')
    .requiredOption('--team <team>', 'who asks')
    .requiredOption('--operation <operation>', 'for what, such as buckets.cors.update')
    .option('--bucket <name>', 'where')
    .option('--jurisdiction <name>', 'in which jurisdiction', 'default')
    .option('--domain <host>', 'of which custom domain')
    .option('--queue <id>', 'of which queue')
    .option('--body <file or JSON>', 'what would be sent, so that guardrails can judge it')
    .option('--current <file or JSON>', 'what is there now, for guardrails that compare')
    .option('--role <role>', 'with a key narrowed to a role')
    .option('--permissions <list>', 'with a key narrowed to permissions, comma-separated', list)
    .option('--buckets <list>', 'with a key narrowed to bucket names and globs, comma-separated', list)
    .option('--jurisdictions <list>', 'with a key narrowed to jurisdictions, comma-separated', list)
    .option('--exit-code', 'exit with 2 when it is denied', false)
    .option('--json', 'print JSON: what POST /v1/explain would answer', false)
    .description('Explain what a policy document says of a request, without asking a warden')
    .addHelpText(
      'after',
      `
Exit code: 0 when the question has an answer, whichever; with --exit-code 2 for a denial. 1 is for a wrong question.

Examples:
  npx warden policy explain policy/example.yaml --team media --operation buckets.delete --bucket media-site-prod
  npx warden policy explain policy/example.yaml --team media --operation buckets.cors.update \\
    --bucket media-assets --body '{"rules":[{"allowed":{"origins":["*"],"methods":["GET"]}}]}'
  npx warden policy explain policy/example.yaml --team media --role viewer \\
    --operation buckets.cors.delete --bucket media-assets --exit-code --json`,
    )
    .action((file: string, options: ExplainOptions) => {
      const { data: document } = mustBeRight(checkPolicyFile(file), 'Nothing was explained.')
      demand('team', '--team', options.team, Object.keys(document.teams))
      const bound = policyOfTeam(document, options.team, scopeFromFlags(document, options))
      const current = options.current === undefined ? undefined : readValue('--current', options.current)
      const { facts, decision, missing } = decideOnEvidence(bound, factsFromFlags(options), current)
      const explained = explainDecision(bound, facts, decision)
      if (options.json) printJson(output, explained)
      else printDecision(explained, output)
      for (const { pointer, message } of missing)
        output.remark(`Without --${pointer.slice(1)}, a guardrail finds fault: ${message}.`)
      const { buckets: limit } = bound.limits
      if (decision.allowed && facts.operation === 'buckets.create' && limit !== null)
        output.remark(
          `limits.buckets is ${limit}: a team that has created as many is refused; how many it has, no document says.`,
        )
      output.exit(options.exitCode && !decision.allowed ? 2 : 0)
    })
}
