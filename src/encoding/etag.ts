import { sha256 } from '@noble/hashes/sha2.js'
import { canonicalJson } from './canonical-json.ts'

/**
 * A strong entity tag (RFC 9110, 8.8.3) of what Cloudflare answered: 128 bits of SHA-256 over its canonical JSON, the
 * same in both dialects. Computed without a promise, since every read of a configuration passes here.
 */
export function entityTagOf(result: unknown): string {
  const digest = sha256(new TextEncoder().encode(canonicalJson(result)))
  return `"${btoa(String.fromCharCode(...digest.subarray(0, 16))).replaceAll('=', '')}"`
}

/** Answers that were read before: most reads find what the last one found, and that takes a twentieth of the time. */
const known = new Map<string, string>()
const MAX_KNOWN = 4_000
const MAX_LENGTH = 4096

/** The same by the text that the result came in, for reads, where every microsecond counts. */
export function entityTagOfAnswer({
  text,
  result,
}: {
  readonly text: string
  readonly result: unknown
}): string {
  const found = known.get(text)
  if (found !== undefined) return found
  const made = entityTagOf(result)
  if (text.length > MAX_LENGTH) return made
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(text, made)
  return made
}

/** As in a new isolate. */
export function forgetEntityTags(): void {
  known.clear()
}
