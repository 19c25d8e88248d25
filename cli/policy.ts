import type { Command } from 'commander'
import { readPolicyFile } from './policy-file.ts'
import { applyPolicy } from './policy-store.ts'
import { Failure } from './report.ts'

export function addPolicyCommand(program: Command): void {
  const policy = program.command('policy').description('The policy document: what each team may do')

  policy
    .command('apply')
    .argument('<file>', 'policy document, YAML or JSON')
    .option('--remote', 'apply to the deployed database, not the local one', false)
    .description('Check a policy document and put it in force; teams see it within 10 seconds')
    .action(async (file: string, { remote }: { remote: boolean }) => {
      const read = readPolicyFile(file)
      if (!read.document) throw new Failure([...read.problems, 'Nothing was applied.'].join('\n'))
      const { version, isNew } = await applyPolicy(read.document, { remote })
      const teams = Object.keys(read.document.teams).length
      const where = remote ? 'the deployed database' : 'the local database'
      console.log(
        isNew
          ? `Version ${version} of the policy is in force in ${where}: ${teams} ${teams === 1 ? 'team' : 'teams'}.`
          : `Nothing to do: this is version ${version}, already in force in ${where}.`,
      )
    })
}
