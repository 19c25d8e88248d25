import type { DatabaseSync } from 'node:sqlite'
import { Command, CommanderError } from 'commander'
import { addAuditCommand } from '../../../cli/audit.ts'
import { NO_COLORS } from '../../../cli/policy/output.ts'

/** Runs `warden audit …` in this process, over a database, and gives what it said. */
export async function auditCommand(database: Pick<DatabaseSync, 'prepare'>, ...args: string[]) {
  const said = { stdout: '', stderr: '', code: 0, statements: 0 }
  const program = new Command('warden').exitOverride().configureOutput({
    writeOut: (text) => {
      said.stdout += text
    },
    writeErr: (text) => {
      said.stderr += text
    },
  })
  const output = {
    colors: NO_COLORS,
    print: (text: string) => {
      said.stdout += `${text}\n`
    },
    remark: (text: string) => {
      said.stderr += `${text}\n`
    },
    exit: (code: number) => {
      said.code = code
    },
  }
  addAuditCommand(program, output, async ({ sql, values, read }) => {
    said.statements += 1
    return read(database.prepare(sql).all(...values))
  })
  try {
    await program.parseAsync(['audit', ...args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    said.code = error.exitCode
  }
  return said
}
