import { call, type Problem } from '../harness.ts'

/** Questions to `POST /v1/explain`, and the answers as a caller reads them. */

export interface Answer {
  readonly team: string
  readonly operation: string
  readonly jurisdiction: string
  readonly bucket: string | null
  readonly allowed: boolean
  readonly code?: string
  readonly detail?: string
  readonly decidedBy: Readonly<Record<string, unknown>>
  readonly grants: readonly Readonly<Record<string, unknown>>[]
  readonly deny: readonly Readonly<Record<string, unknown>>[]
  readonly guardrails: readonly Readonly<Record<string, unknown>>[]
  readonly smallestGrant: string | null
  readonly smallestScope: string | null
}

export const post = (key: string, body: unknown) => call('/v1/explain', { key, method: 'POST', body })

/** The answer to a question that must have one. */
export async function explained(key: string, question: unknown): Promise<Answer> {
  const response = await post(key, question)
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
  return response.json()
}

/** The problem of a question that must not have an answer. */
export async function refused(key: string, question: unknown): Promise<Problem> {
  const response = await post(key, question)
  if (response.ok) throw new Error(`answered: ${await response.text()}`)
  return response.json()
}
