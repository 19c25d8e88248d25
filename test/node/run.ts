import { type ChildProcess, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** What V8 compiled of the programs that are run, kept between runs: a third of what many a run takes. */
const COMPILED = path.join(tmpdir(), 'warden-compiled')

/** The environment of a test's processes: this Node first, none of the variables that steer a start. */
export function environment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { PORT, EMULATOR_PORT, CLOUDFLARE_API_BASE_URL, FORCE_COLOR, NODE_OPTIONS, ...rest } = process.env
  return {
    ...rest,
    PATH: `${path.dirname(process.execPath)}${path.delimiter}${rest.PATH ?? ''}`,
    npm_config_update_notifier: 'false',
    NODE_COMPILE_CACHE: COMPILED,
    ...extra,
  }
}

/** Runs a program to its end. */
export async function run(
  command: readonly string[],
  { cwd, env }: { cwd: string; env?: Readonly<Record<string, string>> },
): Promise<Ran> {
  const [program = '', ...args] = command
  const child = spawn(program, args, { cwd, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] })
  const output = collect(child)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { code, stdout: output.stdout(), stderr: output.stderr() }
}

/** Keeps what a process prints, so that it can be looked at while it runs. */
export function collect(child: ChildProcess) {
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text
    })
  }
  return { stdout: () => said.stdout, stderr: () => said.stderr }
}
