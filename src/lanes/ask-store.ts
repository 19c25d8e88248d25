import { ApiError } from '../errors.ts'
import { log } from '../log.ts'
import { answerInTime } from '../store/timeout.ts'

const TIMEOUT_MS = 5_000

/** Asks D1 for a lane. Whatever goes wrong is `unavailable` for the caller, and a line for the operators. */
export async function askStore<T>(asked: Promise<T>): Promise<T> {
  try {
    return await answerInTime(
      asked,
      TIMEOUT_MS,
      'The audit trail cannot be reached, so nothing is changed. Try again.',
    )
  } catch (error) {
    if (!isRefusedByStore(error))
      log('error', 'audit trail unreachable', { error: String((error as ApiError).cause) })
    throw error
  }
}

/** A constraint of the store's that holds: it is there, and the whole batch was undone. */
export const isRefusedByStore = (error: unknown) =>
  error instanceof ApiError && String(error.cause).includes('constraint failed')
