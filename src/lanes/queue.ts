import { type ApiError, unavailable } from '../errors.ts'

const MAX_WAITING = 256
const MAX_WAIT_MS = 30_000

/** Runs one thing at a time, in the order in which they came. Too many, or too long a wait, is said and not dropped. */
export class Queue {
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MAX_WAITING) throw overloaded()
    this.#waiting++
    const came = Date.now()
    const turn = this.#last.then(() => {
      this.#waiting--
      if (Date.now() - came > MAX_WAIT_MS) throw overloaded()
      return work()
    })
    this.#last = turn.catch(() => undefined)
    return turn
  }
}

/** Nothing was begun: the same request may well succeed later. */
export function overloaded(cause?: unknown): ApiError {
  return unavailable('Too many changes are waiting here. Nothing was changed; try again.', 5, cause)
}
