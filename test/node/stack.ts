import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { PATIENCE_MS } from '../patience.ts'
import { Checkout } from './checkout.ts'
import { descendantsOf, freePort } from './processes.ts'
import { collect, environment } from './run.ts'

const LAST_LINE = 'Ctrl-C stops both.'

export interface Received {
  readonly id: number
  readonly operation: string | null
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Record<string, string>
  readonly body: string
}

interface Start {
  /** Where to start; a checkout of its own unless given. */
  readonly checkout?: Checkout
  readonly env?: Readonly<Record<string, string>>
  readonly command?: readonly string[]
}

/** The warden and the emulator as `npm start` brings them up, on ports of their own. */
export class Stack {
  readonly checkout: Checkout
  readonly port: number
  readonly emulatorPort: number
  readonly #child: ChildProcess
  readonly #output: ReturnType<typeof collect>
  readonly #exited: Promise<number | null>

  private constructor(checkout: Checkout, child: ChildProcess, port: number, emulatorPort: number) {
    this.checkout = checkout
    this.port = port
    this.emulatorPort = emulatorPort
    this.#child = child
    this.#output = collect(child)
    this.#exited = new Promise((resolve) => child.once('close', resolve))
    process.once('exit', () => child.kill('SIGINT'))
  }

  /** Starts and waits until everything is printed that a newcomer reads. */
  static async start({ checkout, env, command }: Start = {}): Promise<Stack> {
    const [port, emulatorPort] = [await freePort(), await freePort()]
    const home = checkout ?? new Checkout()
    const [program = '', ...args] = command ?? [process.execPath, 'scripts/start.ts']
    const child = spawn(program, args, {
      cwd: home.folder,
      env: environment({ PORT: String(port), EMULATOR_PORT: String(emulatorPort), ...env }),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // a group of its own, as a terminal's foreground is
    })
    const stack = new Stack(home, child, port, emulatorPort)
    await until(() => stack.printed.includes(LAST_LINE) || stack.#hasEnded)
    if (stack.#hasEnded) throw new Error(`it did not start:\n${stack.printed}${stack.#output.stderr()}`)
    return stack
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  get warden(): string {
    return `http://localhost:${this.port}`
  }

  get emulator(): string {
    return `http://localhost:${this.emulatorPort}`
  }

  /** What is on the terminal so far. */
  get printed(): string {
    return this.#output.stdout()
  }

  get keys(): Record<string, string> {
    return JSON.parse(readFileSync(this.checkout.path('.dev', 'demo-keys.json'), 'utf8'))
  }

  get processes(): number[] {
    return descendantsOf(this.#child.pid ?? 0)
  }

  key(name: string): string {
    const key = this.keys[name]
    if (key === undefined) throw new Error(`no demo key is called ${name}`)
    return key
  }

  /** Calls the warden with a demo key, or with none. */
  call(path: string, { key, body, method }: { key?: string; body?: unknown; method?: string } = {}) {
    return fetch(`${this.warden}${path}`, {
      method: method ?? 'GET',
      headers: {
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  }

  /** All that reached the emulator since it started. */
  async received(): Promise<Received[]> {
    const answer = await fetch(`${this.emulator}/__emulator/requests`)
    const { requests }: { requests: Received[] } = await answer.json()
    return requests
  }

  /** Presses Ctrl-C and gives the exit code. What is there stays, for another start. */
  interrupt(): Promise<number | null> {
    if (this.#child.pid !== undefined && !this.#hasEnded) process.kill(-this.#child.pid, 'SIGINT')
    return this.#exited
  }

  /** Stops it and removes what it ran in. */
  async stop(): Promise<void> {
    await this.interrupt()
    this.checkout.remove()
  }
}

/** Waits until something is so. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const giveUp = Date.now() + PATIENCE_MS
  while (!(await isSo())) {
    if (Date.now() > giveUp) throw new Error(`it was not so within ${PATIENCE_MS / 1000} s: ${isSo}`)
    await sleep(50)
  }
}
