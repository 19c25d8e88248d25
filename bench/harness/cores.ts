import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/**
 * What is measured has one core to itself, what measures it has another. Where that can't be had (one
 * core, or no `taskset`), everything shares what there is, and the report says so.
 */
export const MEASURED = 0
export const MEASURING = 1

export const isPinned = availableParallelism() >= 2 && canPin()

/** A command as it is run on one core. */
export function onCore(core: number, command: string, args: readonly string[]): [string, string[]] {
  return isPinned ? ['taskset', ['-c', String(core), command, ...args]] : [command, [...args]]
}

/** Moves this process, with all its threads, to one core. */
export function moveToCore(core: number): void {
  if (isPinned)
    execFileSync('taskset', ['-a', '-c', '-p', String(core), String(process.pid)], { stdio: 'ignore' })
}

function canPin(): boolean {
  try {
    execFileSync('taskset', ['-c', '0,1', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
