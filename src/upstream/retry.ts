import type { ApiError } from '../errors.ts'

const ATTEMPTS = 3
const FIRST_PAUSE_MS = 150
const FACTOR = 3

/** A failure that a read may try again, with what to tell the caller if it stays. */
export class TransientError extends Error {
  readonly told: ApiError
  /** Not before this many milliseconds, as upstream asked. */
  readonly pauseMs: number
  constructor(told: ApiError, pauseMs = 0) {
    super(told.message)
    this.told = told
    this.pauseMs = pauseMs
  }
}

/**
 * Tries a read again after its first failure, with pauses that grow and differ (or many would come back at once), and
 * not past the deadline: the last failure is thrown then. Only reads are tried again: a change that may have happened
 * is never sent twice. A read that succeeds at once has nothing to do with any of this.
 */
export async function retry<T>(
  first: TransientError,
  attempt: () => Promise<T>,
  deadline: number,
): Promise<T> {
  let failure = first
  for (let number = 1; number < ATTEMPTS; number++) {
    const pauseMs = failure.pauseMs + FIRST_PAUSE_MS * FACTOR ** (number - 1) * (1 + Math.random())
    if (Date.now() + pauseMs >= deadline) break
    await new Promise((done) => setTimeout(done, pauseMs))
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof TransientError)) throw error
      failure = error
    }
  }
  throw failure
}
