import { canonicalJson, sha256 } from '../encoding/canonical-json.ts'
import { invalidRequest } from '../errors.ts'
import type { IdempotencyClaim } from '../store/idempotency-keys.ts'

const MAX_LENGTH = 255
const BARE = /^[\x21\x23-\x5b\x5d-\x7e]+$/
/** A string of RFC 9651, 3.3.3. */
const QUOTED = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/

/**
 * Reads `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header), quoted as the draft has it or bare as most
 * clients send it: the same key either way. `null` when there is none.
 */
export function readIdempotencyKey(text: string | null): string | null {
  if (text === null) return null
  const quoted = QUOTED.exec(text)?.[1]?.replaceAll(/\\(["\\])/g, '$1')
  const key = quoted ?? (BARE.test(text) ? text : '')
  if (key !== '' && key.length <= MAX_LENGTH) return key
  const message = `expected 1 to ${MAX_LENGTH} printable ASCII characters without spaces, or a quoted string of them`
  throw invalidRequest([{ in: 'header', pointer: '/idempotency-key', message }])
}

/** The same request has the same fingerprint, in whichever dialect it comes. */
export async function claimOf(key: string, request: unknown): Promise<IdempotencyClaim> {
  return { keyDigest: await sha256(key), fingerprint: await sha256(canonicalJson(request)) }
}
