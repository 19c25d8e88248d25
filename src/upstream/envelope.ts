/** Cloudflare's envelope around every answer of the v4 API. */
export interface Envelope {
  readonly success: boolean
  readonly errors: readonly UpstreamError[]
  readonly messages: readonly unknown[]
  readonly result: unknown
  readonly result_info?: unknown
}

export interface UpstreamError {
  readonly code: number
  readonly message: string
}

/**
 * Reads an answer strictly: JSON, the four keys with their types, `success` as the status says, and a
 * failure that names an error. Anything else is `null`. By hand and not by a schema, because each
 * request passes here and the four checks take a tenth of the time.
 */
export function readEnvelope(status: number, text: string): Envelope | null {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null) return null
  const { success, errors, messages, result, result_info } = value as Record<string, unknown>
  const isGood = status >= 200 && status < 300
  if (success !== isGood || !Array.isArray(errors) || !Array.isArray(messages) || result === undefined)
    return null
  if (!errors.every(isError) || (!isGood && errors.length === 0)) return null
  return { success, errors, messages, result, result_info }
}

function isError(value: unknown): value is UpstreamError {
  if (typeof value !== 'object' || value === null) return false
  const { code, message } = value as Record<string, unknown>
  return Number.isInteger(code) && typeof message === 'string'
}

/** `undefined` for what isn't JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
