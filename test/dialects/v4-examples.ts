import { env } from 'cloudflare:workers'
import { type Call, call, emulator } from '../harness.ts'
import { keepSecret } from '../leak-watch.ts'
import { type Example, examples, SIPPY_SECRETS } from '../routes/examples.ts'
import { type Performed, partsOf } from '../routes/perform.ts'

/** The examples of v1 as Cloudflare's own clients send them: to the path that they have upstream. */

for (const secret of SIPPY_SECRETS) keepSecret(secret)

export const ACCOUNT = env.CLOUDFLARE_ACCOUNT_ID ?? ''
export const V4 = '/client/v4'
export const A = `${V4}/accounts/${ACCOUNT}`

export interface Envelope {
  readonly success: boolean
  readonly errors: readonly { code: number; message: string; documentation_url?: string }[]
  readonly messages: readonly unknown[]
  readonly result: unknown
  readonly result_info?: { per_page?: number; cursor?: string }
  readonly message?: string
}

export async function envelopeOf(response: Response | Promise<Response>): Promise<Envelope> {
  return (await response).json()
}

/** Sends an example as it goes upstream: what v1 has in a body, v4 may have in a header. */
export function sendV4({ method, body, sent }: Example, more: Call = {}): Promise<Response> {
  const { body: _, headers, ...rest } = more
  const own = sent.body === undefined ? body : (sent.body ?? undefined)
  return call(A + sent.path, { method, body: own, headers: { ...sent.headers, ...headers }, ...rest })
}

/** Sends an example after what must come before it, and gives the answer with what went up for it. */
export async function performV4(example: Example, more: Call = {}): Promise<Performed> {
  const first = examples.find(({ name }) => name === example.after)
  if (first) await sendV4(first, more)
  const before = (await emulator.received()).length
  const response = await sendV4(example, more)
  return { response, ...partsOf(example, (await emulator.received()).slice(before)) }
}
