import type { Command } from 'commander'
import { addVerifyCommand } from './audit/verify/command.ts'
import { query } from './d1.ts'
import { type Output, standardOutput } from './policy/output.ts'

export function addAuditCommand(
  program: Command,
  output: Output = standardOutput,
  ask: typeof query = query,
): void {
  const audit = program
    .command('audit')
    .description('The audit trail: who changed what, and whether that is whole')
  addVerifyCommand(audit, output, ask)
}
