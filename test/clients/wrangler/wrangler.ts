import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { stripVTControlCharacters } from 'node:util'
import { environment, type Ran, run } from '../../node/run.ts'
import { ACCOUNT, type Target } from '../running.ts'

const PACKAGE = path.dirname(createRequire(import.meta.url).resolve('wrangler/package.json'))
const COMMAND = path.join(PACKAGE, 'bin', 'wrangler.js')
/** What that starts, in turn. */
const PROGRAM = path.join(PACKAGE, 'wrangler-dist', 'cli.js')

/** The real wrangler in a folder and a home of its own, where nobody is logged in. */
export class Wrangler {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'warden-wrangler-'))
  readonly #sessions: Session[] = []

  constructor(files: Readonly<Record<string, unknown>> = {}) {
    mkdirSync(path.join(this.#folder, 'home'))
    for (const [name, content] of Object.entries(files))
      writeFileSync(path.join(this.#folder, name), JSON.stringify(content))
  }

  /** Runs one command in a process of its own, written as in a shell without quotes, and gives what it printed. */
  async run(command: string, target: Target, env: Record<string, string> = {}): Promise<Ran> {
    const ran = await run([process.execPath, COMMAND, ...command.split(' ')], {
      cwd: this.#folder,
      env: { ...this.#environment(target), ...env },
    })
    return plain(ran)
  }

  /** One process for many commands of one caller. */
  session(target: Target): Session {
    const host = path.join(import.meta.dirname, 'host.ts')
    const child = spawn(process.execPath, ['--no-warnings', host, PROGRAM], {
      cwd: this.#folder,
      env: environment(this.#environment(target)),
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const session = new Session(child)
    this.#sessions.push(session)
    return session
  }

  #environment({ url, token }: Target): Record<string, string> {
    const home = path.join(this.#folder, 'home')
    return {
      CLOUDFLARE_API_BASE_URL: url,
      CLOUDFLARE_API_TOKEN: token,
      CLOUDFLARE_ACCOUNT_ID: ACCOUNT,
      HOME: home,
      XDG_CONFIG_HOME: home,
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_HIDE_BANNER: 'true',
      NO_COLOR: '1',
    }
  }

  async remove(): Promise<void> {
    await Promise.all(this.#sessions.map((session) => session.end()))
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** A process of wrangler's that takes one command after the other. */
export class Session {
  readonly #child: ChildProcess
  readonly #closed: Promise<unknown>
  readonly #answers: AsyncIterator<string>

  constructor(child: ChildProcess) {
    if (child.stdout === null) throw new Error('the output of the process cannot be read')
    this.#child = child
    this.#closed = new Promise((resolve) => child.once('close', resolve))
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  }

  async run(command: string): Promise<Ran> {
    this.#child.stdin?.write(`${JSON.stringify(command.split(' '))}\n`)
    const { value, done } = await this.#answers.next()
    if (done) throw new Error(`wrangler ended before ${command} did`)
    return plain(JSON.parse(value))
  }

  async end(): Promise<void> {
    this.#child.stdin?.end()
    await this.#closed
  }
}

const plain = ({ code, stdout, stderr }: Ran): Ran => ({
  code,
  stdout: stripVTControlCharacters(stdout),
  stderr: stripVTControlCharacters(stderr),
})
