import type { Fault } from './fault.ts'

/** The faults waiting, oldest first. A call takes the first that means it. */
export class FaultQueue {
  #faults: readonly Fault[] = []

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
  }
}
