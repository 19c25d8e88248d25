import { env } from 'cloudflare:workers'
import * as z from 'zod'

/** Cloudflare as somebody sees it who goes past the warden, with the token of the account. */

const envelope = z.object({ result: z.unknown() })

export interface Direct {
  readonly method?: string
  readonly body?: unknown
  readonly jurisdiction?: string
  readonly headers?: Record<string, string>
}

/** Sends a call; `path` is below `/accounts/{account_id}`. Gives the result, or `null` for what isn't there. */
export async function askUpstream(
  path: string,
  { method = 'GET', body, jurisdiction = 'default', headers }: Direct = {},
): Promise<unknown> {
  const url = `https://api.cloudflare.test/client/v4/accounts/${env.CLOUDFLARE_ACCOUNT_ID}${path}`
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${env.CLOUDFLARE_API_TOKEN}`,
      'cf-r2-jurisdiction': jurisdiction,
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (response.status === 404) return null
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return envelope.parse(JSON.parse(text)).result
}
