import Cloudflare from 'cloudflare'
import type { Target } from '../running.ts'

/** The official SDK, pointed somewhere. What it retries, it retries at once. */
export function sdk({ url, token }: Target, options: { maxRetries?: number } = {}): Cloudflare {
  return new Cloudflare({ baseURL: url, apiToken: token, logLevel: 'off', ...options })
}

/** The error that a call is refused with. */
export async function refusal(call: Promise<unknown>): Promise<InstanceType<typeof Cloudflare.APIError>> {
  try {
    await call
  } catch (error) {
    if (error instanceof Cloudflare.APIError) return error
    throw error
  }
  throw new Error('the call was not refused')
}
