import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { type Ran, run } from '../../node/run.ts'
import { ACCOUNT, type Target } from '../running.ts'

const PROGRAM = path.join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  'node_modules',
  'wrangler',
  'bin',
  'wrangler.js',
)
/** What V8 compiled of wrangler, kept between runs: a third of what a run takes. */
const COMPILED = path.join(tmpdir(), 'warden-wrangler-compiled')

/** The real wrangler in a folder and a home of its own, where nobody is logged in. */
export class Wrangler {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'warden-wrangler-'))

  constructor(files: Readonly<Record<string, unknown>> = {}) {
    mkdirSync(path.join(this.#folder, 'home'))
    for (const [name, content] of Object.entries(files))
      writeFileSync(path.join(this.#folder, name), JSON.stringify(content))
  }

  /** Runs one command, written as in a shell without quotes, and gives what it printed. */
  async run(command: string, { url, token }: Target, env: Record<string, string> = {}): Promise<Ran> {
    const home = path.join(this.#folder, 'home')
    const { code, stdout, stderr } = await run([process.execPath, PROGRAM, ...command.split(' ')], {
      cwd: this.#folder,
      env: {
        CLOUDFLARE_API_BASE_URL: url,
        CLOUDFLARE_API_TOKEN: token,
        CLOUDFLARE_ACCOUNT_ID: ACCOUNT,
        HOME: home,
        XDG_CONFIG_HOME: home,
        NODE_COMPILE_CACHE: COMPILED,
        WRANGLER_SEND_METRICS: 'false',
        WRANGLER_HIDE_BANNER: 'true',
        NO_COLOR: '1',
        ...env,
      },
    })
    return { code, stdout: stripVTControlCharacters(stdout), stderr: stripVTControlCharacters(stderr) }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Two at a time: what is there of cores. */
export async function twoAtATime<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const left = [...items.entries()]
  const worker = async () => {
    for (let next = left.shift(); next; next = left.shift()) results[next[0]] = await work(next[1])
  }
  await Promise.all([worker(), worker()])
  return results
}
