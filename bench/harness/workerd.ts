import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { type Capnp, configText } from './capnp.ts'
import { onCore } from './cores.ts'
import { cpuSeconds } from './cpu.ts'

const require = createRequire(import.meta.url)
/** The binary itself: the `workerd` command is a script of Node's around it. */
const WORKERD: string = require('workerd').default

const START_TIMEOUT_MS = 20_000

export interface WorkerdOptions {
  readonly config: Capnp
  /** Written beside the configuration, which may embed them. */
  readonly files: Readonly<Record<string, string>>
  readonly core: number
}

/** One workerd process with the socket `main`, and nothing of any development server around it. */
export class Workerd implements AsyncDisposable {
  readonly port: number
  readonly pid: number
  readonly #process: ChildProcess
  readonly #folder: string

  private constructor(process: ChildProcess, folder: string, port: number) {
    this.#process = process
    this.#folder = folder
    this.port = port
    this.pid = process.pid ?? 0
  }

  /** Starts a process; resolves when it listens. */
  static async start({ config, files, core }: WorkerdOptions): Promise<Workerd> {
    const folder = mkdtempSync(path.join(tmpdir(), 'warden-bench-workerd-'))
    for (const [name, contents] of Object.entries(files)) writeFileSync(path.join(folder, name), contents)
    const file = path.join(folder, 'config.capnp')
    writeFileSync(file, configText(config))
    const [command, args] = onCore(core, WORKERD, ['serve', '--experimental', '--control-fd=3', file])
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] })
    running.set(child, folder)
    child.once('exit', () => running.delete(child))
    try {
      return new Workerd(child, folder, await listening(child))
    } catch (error) {
      child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
      throw error
    }
  }

  get cpu(): number | null {
    return cpuSeconds(this.pid)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exit = once(this.#process, 'exit')
      this.#process.kill('SIGKILL')
      await exit
    }
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** Whatever ends this process, it leaves none behind, and no folder. */
const running = new Map<ChildProcess, string>()
process.once('exit', () => {
  for (const [child, folder] of running) {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
})

/** The port of the socket `main`, which workerd says on its control channel. */
function listening(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000)
    })
    const fail = (reason: string) => reject(new Error(`workerd ${reason}\n${said}`))
    const timer = setTimeout(() => fail('did not start in time'), START_TIMEOUT_MS)
    child.once('error', reject)
    child.once('exit', (code) => fail(`ended with ${code}`))
    createInterface(child.stdio[3] as Readable).on('line', (line) => {
      const { event, socket, port } = JSON.parse(line)
      if (event !== 'listen' || socket !== 'main') return
      clearTimeout(timer)
      resolve(port)
    })
  })
}
