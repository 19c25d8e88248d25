import { env } from 'cloudflare:workers'
import { idOf } from '../identity/warden.ts'
import type { Asking } from './dialects.ts'

/** The tools of the tests that send a request again. */

/** With an idempotency key. */
export const keyed = (
  key: string,
  idempotencyKey = 'order-66',
  headers: Record<string, string> = {},
): Asking => ({
  key,
  headers: { 'idempotency-key': idempotencyKey, ...headers },
})

export interface Told {
  readonly status: number
  readonly entityTag: string | null
  readonly body: unknown
}

/** What an answer says, but for what is each answer's own. */
export async function toldBy(response: Response): Promise<Told> {
  const id = response.headers.get('x-request-id') ?? ''
  const text = (await response.text()).replaceAll(`Request id: ${id}`, 'Request id')
  const body: unknown = text === '' ? null : { ...JSON.parse(text), requestId: '' }
  return { status: response.status, entityTag: response.headers.get('etag'), body }
}

/** How many idempotency keys stand for something that was done with a team key. */
export async function keysInUse(key: string): Promise<number> {
  const query = 'SELECT count(*) AS count FROM idempotency_keys WHERE key_id = ?1'
  const row = await env.DB.prepare(query).bind(idOf(key)).first<{ count: number }>()
  return row?.count ?? 0
}
