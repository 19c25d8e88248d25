import { readdirSync, readFileSync } from 'node:fs'

/** Seconds of processor time that all threads of a process have used so far; `null` where Linux doesn't say. */
export function cpuSeconds(pid: number): number | null {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    const nanoseconds = threads.map((thread) => {
      const [onCpu] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')
      return Number(onCpu)
    })
    return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e9
  } catch {
    return null
  }
}
