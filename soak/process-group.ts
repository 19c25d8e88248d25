import { execFileSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

const PATIENCE_MS = 300_000

/** Ends all processes of a group at once, as a crash does, and waits until none is left. */
export async function killGroup(group: number): Promise<void> {
  signal(group)
  const giveUp = Date.now() + PATIENCE_MS
  while (isAlive(group)) {
    if (Date.now() > giveUp) throw new Error(`process group ${group} survived SIGKILL`)
    await sleep(10)
  }
}

export function signal(group: number): void {
  try {
    process.kill(-group, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // nobody is left in the group
  }
}

/** Whether a process of the group runs. One that has ended and that nobody has asked after yet doesn't. */
function isAlive(group: number): boolean {
  const lines = execFileSync('ps', ['-A', '-o', 'pgid=,stat='], { encoding: 'utf8' }).trim().split('\n')
  return lines.some((line) => {
    const [id, state] = line.trim().split(/\s+/)
    return Number(id) === group && !state?.startsWith('Z')
  })
}
