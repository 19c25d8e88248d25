import { SELF } from 'cloudflare:test'
import * as z from 'zod'

export const ACCOUNT = '0123456789abcdef0123456789abcdef'
export const TOKEN = 'emulator-api-token-not-a-secret-0123456789'
export const DATA_QUEUE = 'd41d8cd98f00b204e9800998ecf8427e'
export const MEDIA_QUEUE = 'aaaabbbbccccddddeeeeffff00001111'
export const ZONE = '023e105f4ecef8ad9ca31a8372d0c353'

const envelope = z.object({
  success: z.boolean(),
  errors: z.array(z.object({ code: z.int(), message: z.string(), source: z.unknown().optional() })),
  messages: z.array(z.string()),
  result: z.unknown(),
  result_info: z.object({ cursor: z.string().optional(), per_page: z.number().optional() }).optional(),
})

export interface Options {
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

/** Any request, as it goes over the wire; a body that isn't text is sent as JSON. */
export function send(method: string, path: string, { body, headers = {} }: Options = {}): Promise<Response> {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  const init = { method, headers: { authorization: `Bearer ${TOKEN}`, ...headers } }
  return SELF.fetch(`https://emulator.test${path}`, text === undefined ? init : { ...init, body: text })
}

/** A call of the API; `path` starts below the account. */
export async function api(method: string, path: string, options: Options = {}) {
  const response = await send(method, `/client/v4/accounts/${ACCOUNT}${path}`, options)
  const { status, headers } = response
  return { status, headers, ...envelope.parse(await response.json()) }
}

export const bucket = (name: string, rest = '') => `/r2/buckets/${name}${rest}`
export const notifications = (name: string, rest = '') =>
  `/event_notifications/r2/${name}/configuration${rest}`
export const inEu = { 'cf-r2-jurisdiction': 'eu' }

/** The refusal in short: what clients branch on. */
export async function refusal(method: string, path: string, options: Options = {}) {
  const { status, success, result, errors } = await api(method, path, options)
  return { status, code: errors[0]?.code, success, result }
}

export const refused = (status: number, code: number) => ({ status, code, success: false, result: null })

/** The tester's own door. */
export async function emulator(method: string, path: string, body?: unknown): Promise<unknown> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
  const response = await SELF.fetch(`https://emulator.test/__emulator/${path}`, init)
  return response.json()
}

const names = z.object({ buckets: z.array(z.object({ name: z.string() })) })

/** One page of a listing: the names, and the cursor of the next page. */
export async function list(query = '', headers: Record<string, string> = {}) {
  const { result, result_info } = await api('GET', `/r2/buckets${query}`, { headers })
  return { names: names.parse(result).buckets.map(({ name }) => name), cursor: result_info?.cursor }
}
