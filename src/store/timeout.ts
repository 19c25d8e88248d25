import { unavailable } from '../errors.ts'

const RETRY_AFTER_SECONDS = 5

/**
 * Waits for the store, and no longer than so many ms. Whatever goes wrong with it is one error to a caller, who is
 * asked to come back; what the store said stays inside, as the cause.
 */
export async function answerInTime<T>(asked: Promise<T>, ms: number, message: string): Promise<T> {
  const timeout = Promise.withResolvers<never>()
  const timer = setTimeout(() => timeout.reject(new Error('the store did not answer in time')), ms)
  try {
    return await Promise.race([asked, timeout.promise])
  } catch (cause) {
    throw unavailable(message, RETRY_AFTER_SECONDS, cause)
  } finally {
    clearTimeout(timer)
  }
}
