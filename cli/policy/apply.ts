import type { Command } from 'commander'
import { count } from '../../src/analysis/words.ts'
import { checkPolicyFile } from '../policy-file.ts'
import { applyPolicy } from '../policy-store.ts'
import { mustBeRight } from './files.ts'
import type { Output } from './output.ts'

export function addApplyCommand(policy: Command, output: Output): void {
  policy
    .command('apply')
    .argument('<file>', 'policy document, YAML or JSON')
    .option('--remote', 'apply to the deployed database, not the local one', false)
    .description('Check a policy document and put it in force; teams see it within 10 seconds')
    .addHelpText('after', '\nExample:\n  npx warden policy apply policy/example.yaml')
    .action(async (file: string, { remote }: { remote: boolean }) => {
      const { data: document } = mustBeRight(checkPolicyFile(file), 'Nothing was applied.')
      const { version, isNew } = await applyPolicy(document, { remote })
      const where = remote ? 'the deployed database' : 'the local database'
      output.print(
        isNew
          ? `Version ${version} of the policy is in force in ${where}: ${count(Object.keys(document.teams).length, 'team')}.`
          : `Nothing to do: this is version ${version}, already in force in ${where}.`,
      )
    })
}
