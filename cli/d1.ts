import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Query, Statement } from '../src/store/statement.ts'
import { textOf } from '../src/store/statement-text.ts'
import { Failure } from './report.ts'

export const PROJECT = path.join(import.meta.dirname, '..')
const WRANGLER = path.join(
  path.dirname(createRequire(import.meta.url).resolve('wrangler/package.json')),
  'bin',
  'wrangler.js',
)

export interface Target {
  readonly remote: boolean
}

/** Arguments that run this project's wrangler on this Node. */
export const wranglerCommand = (...args: string[]) => [WRANGLER, ...args]

/** Longest statement that D1 takes (developers.cloudflare.com/d1/platform/limits). */
const MAX_STATEMENT_BYTES = 100_000

/** Runs statements in one transaction, through wrangler. */
export async function execute(statements: readonly Statement[], { remote }: Target): Promise<void> {
  const texts = statements.map(textOf)
  const tooLong = texts.find((text) => Buffer.byteLength(text) > MAX_STATEMENT_BYTES)
  if (tooLong) throw new Failure(`One part is larger than D1 takes in a statement: ${tooLong.slice(0, 80)}…`)
  const folder = mkdtempSync(path.join(tmpdir(), 'warden-'))
  const file = path.join(folder, 'statements.sql')
  try {
    writeFileSync(file, `${texts.join(';\n')};\n`, { mode: 0o600 })
    await wrangler(...executing(remote), '--file', file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Asks for rows, and reads them. */
export async function query<T>(asked: Query<T>, { remote }: Target): Promise<T> {
  return asked.read(parseRows(await wrangler(...executing(remote), '--command', textOf(asked))))
}

const executing = (remote: boolean) => [
  'd1',
  'execute',
  'DB',
  remote ? '--remote' : '--local',
  '--json',
  '--yes',
]

/** For wrangler and what it starts: this Node, whatever the machine has, and no calls home. */
export function wranglerEnvironment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}`,
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  }
}

const running = new Set<ChildProcess>()

/** Ends the commands that are still at work, for a caller who is told to stop. Resolves when none is left. */
export async function stopWrangler(): Promise<void> {
  await Promise.all(
    [...running].map(async (child) => {
      const closed = new Promise((resolve) => child.once('close', resolve))
      child.kill('SIGINT')
      await closed
    }),
  )
}

/** Runs wrangler in the project and gives what it printed; a failure shows what it said. */
export function wrangler(...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, wranglerCommand(...args), {
      cwd: PROJECT,
      env: { ...wranglerEnvironment(), CI: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    running.add(child)
    let output = ''
    let errors = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
    child.on('error', reject)
    child.on('close', (code) => {
      running.delete(child)
      if (code === 0) resolve(output)
      else reject(new Failure(explain(output + errors)))
    })
  })
}

function explain(said: string): string {
  if (said.includes('no such table'))
    return 'The database has no tables yet: run `npx wrangler d1 migrations apply DB --local` (or --remote).'
  return `wrangler failed:\n${said.trim()}`
}

function parseRows(output: string): unknown[] {
  const start = output.indexOf('[')
  const results: unknown = JSON.parse(output.slice(start))
  const last = Array.isArray(results) ? results.at(-1) : null
  return last && typeof last === 'object' && Array.isArray(last.results) ? last.results : []
}
