import { ApiError } from '../errors.ts'

/** What somebody is told who repeats a change whose first answer can't be given again; its record says what can be said. */

export function outcomeUnknown(id: string): ApiError {
  const message = `How the first attempt under this key ended is not known: see GET /v1/audit/${id}.`
  return new ApiError('idempotency_conflict', message)
}

export function answerTooLarge(id: string): ApiError {
  const message = `The first answer under this key was too large to be kept: see GET /v1/audit/${id}.`
  return new ApiError('idempotency_conflict', message)
}
