import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { MiniflareOptions } from 'miniflare'
import { killGroup, signal } from './process-group.ts'

const START_TIMEOUT_MS = 300_000
const PROGRAM = path.join(import.meta.dirname, 'serve.ts')
const KEPT_LINES = 100

/** A Worker that is served by processes of its own, all in one group, so that a kill takes them together. */
export class Served {
  readonly url: string
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, url: string) {
    this.#child = child
    this.url = url
  }

  /** Starts the processes; resolves when the Worker can be asked. What they leave about goes to the folder. */
  static async start(options: MiniflareOptions, folder: string): Promise<Served> {
    const scratch = path.join(folder, 'scratch')
    mkdirSync(scratch, { recursive: true })
    const child = spawn(process.execPath, [PROGRAM], {
      env: { ...process.env, TMPDIR: scratch, NODE_COMPILE_CACHE: path.join(folder, 'compiled') },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true, // a group of its own
    })
    running.add(child)
    child.once('exit', () => running.delete(child))
    try {
      child.send(options)
      return new Served(child, await ready(child))
    } catch (error) {
      if (child.pid) await killGroup(child.pid)
      throw error
    }
  }

  /** Ends it as a crash does. Resolves when nothing of it is left. */
  async kill(): Promise<void> {
    if (this.#child.pid) await killGroup(this.#child.pid)
  }
}

/** Whatever ends this process, it leaves none behind. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const { pid } of running) if (pid) signal(pid)
})

function ready(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const said: string[] = []
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said.push(text)
        if (said.length > KEPT_LINES) said.shift()
      })
    const fail = (reason: string) => reject(new Error(`a Worker ${reason}\n${said.join('').trim()}`))
    const timer = setTimeout(() => fail('did not start in time'), START_TIMEOUT_MS)
    child.once('error', reject)
    child.once('exit', (code) => {
      clearTimeout(timer)
      fail(`ended with ${code}`)
    })
    child.once('message', (url) => {
      clearTimeout(timer)
      resolve(String(url))
    })
  })
}
