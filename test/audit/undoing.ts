import { call, type Problem } from '../harness.ts'
import { BUCKET } from '../routes/examples.ts'
import { askUpstream } from './past-the-warden.ts'

/** The tools of the tests that undo changes. */

export interface Undoing {
  readonly query?: string
  readonly headers?: Record<string, string>
  readonly body?: unknown
  readonly method?: string
}

export const undo = (key: string, id: string, { query = '', method = 'POST', ...more }: Undoing = {}) =>
  call(`/v1/audit/${id}/revert${query}`, { key, method, ...more })

export const lockOf = (maxAgeSeconds: number) => ({
  rules: [{ id: 'keep', enabled: true, condition: { type: 'Age', maxAgeSeconds } }],
})

const LOCK = `/buckets/${BUCKET}/lock`

/** Puts a lock on the bucket of the examples, through the warden. */
export const putLock = (key: string, seconds: number) =>
  call(`/v1${LOCK}`, { key, method: 'PUT', body: lockOf(seconds) })

/** Puts a lock there past the warden, as somebody does who has the account's token. */
export const putLockPast = (seconds: number) =>
  askUpstream(`/r2${LOCK}`, { method: 'PUT', body: lockOf(seconds) })

export const lockNow = () => askUpstream(`/r2${LOCK}`)

/** What a refusal to undo says. */
export interface UndoProblem extends Problem {
  readonly violations?: readonly { readonly guardrail: string }[]
}
