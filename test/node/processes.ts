import { execFileSync } from 'node:child_process'
import { connect } from 'node:net'

/** A port that nobody listens on, below the range from which systems pick ports by themselves. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    if (!(await isListening(port))) return port
  }
}

export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** All processes that a process started, and those that they started, as far as they still run. */
export function descendantsOf(pid: number): number[] {
  const children = Map.groupBy(running(), ({ parent }) => parent)
  const below = (of: number): number[] => (children.get(of) ?? []).flatMap(({ id }) => [id, ...below(id)])
  return below(pid)
}

export function stillRunning(ids: readonly number[]): number[] {
  const alive = new Set(running().map(({ id }) => id))
  return ids.filter((id) => alive.has(id))
}

function running(): { id: number; parent: number }[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' }).trim().split('\n')
  return lines.flatMap((line) => {
    const [id, parent, state] = line.trim().split(/\s+/)
    return state?.startsWith('Z') ? [] : [{ id: Number(id), parent: Number(parent) }]
  })
}
