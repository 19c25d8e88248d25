import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Command, CommanderError } from 'commander'
import picocolors from 'picocolors'
import { addPolicyCommand } from '../../../cli/policy.ts'
import { Failure } from '../../../cli/report.ts'

/** Runs `warden policy …` in this process, as cli/warden.ts runs it, and gives what it said. */
export async function policyCommand(...args: string[]) {
  const said = { stdout: '', stderr: '', code: 0 }
  const program = new Command('warden').exitOverride().configureOutput({
    writeOut: (text) => {
      said.stdout += text
    },
    writeErr: (text) => {
      said.stderr += text
    },
  })
  addPolicyCommand(program, {
    colors: picocolors.createColors(false),
    print: (text) => {
      said.stdout += `${text}\n`
    },
    remark: (text) => {
      said.stderr += `${text}\n`
    },
    exit: (code) => {
      said.code = code
    },
  })
  try {
    await program.parseAsync(['policy', ...args], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) said.code = error.exitCode
    else if (error instanceof Failure)
      Object.assign(said, { stderr: `${said.stderr}${error.message}\n`, code: 1 })
    else throw error
  }
  return said
}

/** A folder for the files of a test, which is there while something is in it. */
export class Folder {
  readonly path = mkdtempSync(path.join(tmpdir(), 'warden-test-'))

  write(name: string, content: string | object): string {
    mkdirSync(this.path, { recursive: true })
    const file = path.join(this.path, name)
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
    return file
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

export const EXAMPLE = path.join(import.meta.dirname, '../../../policy/example.yaml')

/** A document of one team, `media`. */
export const documentOf = (media: object, rest: object = {}) => ({ version: 1, ...rest, teams: { media } })
