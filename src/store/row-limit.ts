/**
 * What a row takes at most, in D1 as in a Durable Object: 2 MB (developers.cloudflare.com/d1/platform/limits), less some
 * for what stands beside a value in its row. Nothing of this is enforced where the warden runs locally.
 */
export const MAX_VALUE_BYTES = 2_000_000 - 10_000

const encoder = new TextEncoder()

/** The bytes that a text takes in a row. */
export const bytesOf = (text: string) => encoder.encode(text).length

/** No text has more bytes than three times its length, and most are too short to be counted. */
export const fitsRow = (text: string) =>
  text.length * 3 <= MAX_VALUE_BYTES || bytesOf(text) <= MAX_VALUE_BYTES

/** Whether the store refused a write because a row of it is too large. */
export const isTooLarge = (error: unknown) => String(error).includes('too big')
