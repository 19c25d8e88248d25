#!/usr/bin/env node
import { Command } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { addAuditCommand } from './audit.ts'
import { addKeysCommand } from './keys.ts'
import { addPolicyCommand } from './policy.ts'
import { Failure } from './report.ts'

const program = new Command('warden')
  .description(
    'Operate r2-warden: policies, team keys and the audit trail, in the local D1 database or, with --remote, the deployed one',
  )
  .version(packageJson.version)
  .showHelpAfterError('(--help shows what there is)')

addPolicyCommand(program)
addKeysCommand(program)
addAuditCommand(program)

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof Failure)) throw error
  console.error(error.message)
  process.exitCode = 1
}
