import { vi } from 'vitest'
import { emulator } from '../harness.ts'

const LOOK_MS = 5

/**
 * Does something without a clock: what the warden waits for runs out of time as soon as the emulator holds it, and
 * never before. Several that are to be held are waited for, and run out of time together.
 */
export async function runningOutOfTime<T>(work: () => Promise<T>, together = 1): Promise<T> {
  let [rounds, given, isDone] = [0, 0, false]
  const timeouts = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
    const controller = new AbortController()
    const round = rounds
    const wait = async () => {
      while (rounds === round && !isDone) await scheduler.wait(LOOK_MS)
      if (!isDone) controller.abort(timeoutError())
    }
    wait().catch(() => undefined) // whoever waited is gone
    return controller.signal
  })
  const watch = async () => {
    while (!isDone) {
      const held = (await emulator.received()).filter(({ status }) => status === null).length
      if (held >= given + together) {
        given = held
        rounds += 1
      }
      await scheduler.wait(LOOK_MS)
    }
  }
  const watching = watch()
  try {
    return await work()
  } finally {
    isDone = true
    await watching
    timeouts.mockRestore()
  }
}

/** As the signal of `AbortSignal.timeout` gives it. */
export const timeoutError = () => new DOMException('The operation was aborted due to timeout', 'TimeoutError')
