import type { Fault } from './fault.ts'

const LOOK_MS = 5

/** The faults waiting, oldest first. A call takes the first that means it. */
export class FaultQueue {
  #faults: readonly Fault[] = []
  #cleared = 0

  get isEmpty(): boolean {
    return this.#faults.length === 0
  }

  add(fault: Fault): void {
    this.#faults = [...this.#faults, fault]
  }

  take(operation: string, bucket: string | undefined): Fault | undefined {
    const taken = this.#faults.find(
      (fault) =>
        (fault.operation === '*' || fault.operation === operation) &&
        (fault.bucket === undefined || fault.bucket === bucket),
    )
    if (!taken) return undefined
    this.#faults = this.#faults.flatMap((fault) => {
      if (fault !== taken) return [fault]
      return fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : []
    })
    return taken
  }

  list(): readonly Fault[] {
    return this.#faults
  }

  clear(): void {
    this.#faults = []
    this.#cleared += 1
  }

  /** Waits for so long, or until the faults are cleared: it looks, since no request may wake another. */
  async delay(ms: number): Promise<void> {
    const [end, cleared] = [Date.now() + ms, this.#cleared]
    for (let left = ms; left > 0 && this.#cleared === cleared; left = end - Date.now())
      await scheduler.wait(Math.min(left, LOOK_MS))
  }
}
