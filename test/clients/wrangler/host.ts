/**
 * wrangler in one process for many commands, since to start takes twenty times as long as to run one. A line of
 * standard input is the arguments of a command as JSON, a line of standard output what came of it.
 */
import { createRequire, registerHooks } from 'node:module'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import type { Ran } from '../../node/run.ts'

interface Program {
  main(args: readonly string[]): Promise<void>
  readonly FatalError: new (message: string) => Error & { readonly code?: number }
}

const [, , file = ''] = process.argv
const reply = process.stdout.write.bind(process.stdout)
const wrangler = load()
for await (const line of createInterface({ input: process.stdin }))
  reply(`${JSON.stringify(await run(JSON.parse(line)))}\n`)

/** Its own program, as it is installed; what it runs by itself when it is started is what is called here. */
function load(): Program {
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context)
      if (url !== pathToFileURL(file).href) return loaded
      return { ...loaded, source: `${loaded.source}\nObject.assign(exports, { main, FatalError })` }
    },
  })
  return createRequire(import.meta.url)(file)
}

async function run(args: readonly string[]): Promise<Ran> {
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    process[name].write = (text: string | Uint8Array) => {
      said[name] += text.toString()
      return true
    }
  return { code: await codeOf(wrangler.main(args)), ...said }
}

/** The exit code, as the program itself finds it. */
async function codeOf(run: Promise<void>): Promise<number> {
  try {
    await run
    return 0
  } catch (error) {
    return (error instanceof wrangler.FatalError && error.code) || 1
  }
}
