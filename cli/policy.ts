import type { Command } from 'commander'
import { addApplyCommand } from './policy/apply.ts'
import { addCheckCommand } from './policy/check/command.ts'
import { addDiffCommand } from './policy/diff/command.ts'
import { addExplainCommand } from './policy/explain/command.ts'
import { type Output, standardOutput } from './policy/output.ts'
import { addTestCommand } from './policy/test/command.ts'

export function addPolicyCommand(program: Command, output: Output = standardOutput): void {
  const policy = program.command('policy').description('The policy document: what each team may do')
  addCheckCommand(policy, output)
  addTestCommand(policy, output)
  addDiffCommand(policy, output)
  addExplainCommand(policy, output)
  addApplyCommand(policy, output)
}
