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

/** By what was read: of equal texts it is one and the same object, and most reads find what the last one found. */
const known = new WeakMap<object, string>()

/** The same for an answer as it was read, where every microsecond counts. */
export function entityTagOfAnswer(answer: { readonly result: unknown }): string {
  const found = known.get(answer)
  if (found !== undefined) return found
  const made = entityTagOf(answer.result)
  known.set(answer, made)
  return made
}
