import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { PROJECT, wranglerCommand, wranglerEnvironment } from '../../cli/d1.ts'
import { Failure } from '../../cli/report.ts'

interface Server {
  readonly name: string
  readonly config: string
  readonly port: number
  readonly vars: Readonly<Record<string, string>>
  /** A path that answers, whatever it says, once the Worker runs. */
  readonly probe: string
  /** Lines of its output that are for the reader to see. */
  readonly tell?: RegExp
}

const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 5_000

/** Worker processes that live and end together. */
export class Servers {
  readonly #children: ChildProcess[] = []
  #isStopping = false
  /** Rejects when a server ends by itself. */
  readonly failed = Promise.withResolvers<never>()

  constructor() {
    process.once('exit', () => {
      for (const { pid } of this.#children.filter(isAlive)) if (pid) signalGroup(pid, 'SIGKILL')
    })
  }

  /** Starts a Worker with `wrangler dev` and waits until it answers. */
  async start({ name, config, port, vars, probe, tell }: Server): Promise<void> {
    if (this.#isStopping) return
    const args = ['dev', '--config', config, '--port', String(port), '--inspector-port', '0']
    const pairs = Object.entries(vars).flatMap(([key, value]) => ['--var', `${key}:${value}`])
    const child = spawn(
      process.execPath,
      wranglerCommand(...args, '--show-interactive-dev-session=false', ...pairs),
      {
        cwd: PROJECT,
        env: environment(),
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true, // a group of its own, so that stopping reaches what wrangler starts
      },
    )
    this.#children.push(child)
    const output: string[] = []
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output.push(text)
        if (output.length > 200) output.shift()
      })
    }
    if (tell && child.stdout) {
      createInterface(child.stdout).on('line', (line) => {
        if (tell.test(line)) console.log(`${name}: ${line}`)
      })
    }
    const ended = new Promise<never>((_, reject) => {
      child.once('exit', (code) => {
        if (!this.#isStopping)
          reject(new Failure(`The ${name} ended (exit code ${code}):\n${output.join('').trim()}`))
      })
    })
    ended.catch(this.failed.reject)
    await Promise.race([answers(`http://localhost:${port}${probe}`, name), ended])
  }

  /** Stops all, first politely. Resolves when no process is left. */
  async stop(): Promise<void> {
    this.#isStopping = true
    await Promise.all(this.#children.map(end))
  }
}

async function answers(url: string, name: string): Promise<void> {
  const giveUp = Date.now() + START_TIMEOUT_MS
  while (Date.now() < giveUp) {
    try {
      await fetch(url, { signal: AbortSignal.timeout(2_000) })
      return
    } catch {
      await sleep(150)
    }
  }
  throw new Failure(`The ${name} did not answer at ${url} within ${START_TIMEOUT_MS / 1000} s.`)
}

const isAlive = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return
  const exited = isAlive(child) ? new Promise((resolve) => child.once('exit', resolve)) : null
  signalGroup(child.pid, 'SIGINT')
  await Promise.race([exited, sleep(STOP_TIMEOUT_MS)])
  signalGroup(child.pid, 'SIGKILL') // what wrangler started may outlive it
  await exited
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // nobody is left in the group
  }
}

/** Wrangler reads settings of the same names for its own calls to Cloudflare: those are not for it. */
function environment(): NodeJS.ProcessEnv {
  const { CLOUDFLARE_API_BASE_URL, CLOUDFLARE_API_TOKEN, CLOUDFLARE_ACCOUNT_ID, ...rest } =
    wranglerEnvironment()
  return rest
}
