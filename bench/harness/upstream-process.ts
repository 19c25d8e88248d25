import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { MEASURING, onCore } from './cores.ts'

interface Upstream extends AsyncDisposable {
  readonly port: number
}

/** Starts the stand-in for Cloudflare. It ends with this process, whatever ends it. */
export async function startUpstream(): Promise<Upstream> {
  const file = path.join(import.meta.dirname, 'upstream.ts')
  const [command, args] = onCore(MEASURING, process.execPath, [file])
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const port = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => reject(new Error('the upstream did not start')))
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(Number(text)))
  })
  const stop = async () => {
    const exit = once(child, 'exit')
    child.stdin.end()
    await exit
  }
  return { port, [Symbol.asyncDispose]: stop }
}
