import type { Command } from 'commander'
import type { query, Target } from '../../d1.ts'
import { type Output, printJson } from '../../policy/output.ts'
import { Progress } from '../progress.ts'
import { printReport, reportAsJson } from './print.ts'
import { verifyTrail } from './trail.ts'

interface VerifyOptions extends Target {
  readonly json: boolean
}

export function addVerifyCommand(audit: Command, output: Output, ask: typeof query): void {
  audit
    .command('verify')
    .option('--remote', 'the deployed database, not the local one', false)
    .option('--json', 'print JSON', false)
    .description('Follow the chain of every lane, and name the first broken link of each')
    .addHelpText(
      'after',
      `
Every record carries the hash of the one before it in its lane, and a hash of its own. So a record that was
changed, removed, added or moved breaks the chain where it stands or behind it, and so does a value (the body,
the configuration before and after) that is not the one that was recorded. What this proves, and what it can't:
docs/audit.md.

Exit code: 0 when every chain is whole, 1 when one is broken or the trail can't be read.

Examples:
  npx warden audit verify
  npx warden audit verify --remote --json`,
    )
    .action(async ({ remote, json }: VerifyOptions) => {
      const progress = new Progress(process.stderr)
      const report = await verifyTrail((asked) => ask(asked, { remote }), progress).finally(() =>
        progress.end(),
      )
      if (json) printJson(output, reportAsJson(report))
      else printReport(report, output)
      output.exit(report.isWhole ? 0 : 1)
    })
}
