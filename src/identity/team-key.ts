/**
 * Team keys: `r2w_<id>_<secret><checksum>`, 55 characters of `[0-9A-Za-z_]`, which Terraform's
 * `^[0-9A-Za-z\-_]{40,80}$` takes for an API token. The id finds the row, the secret proves the
 * holder, and the checksum lets a scanner, or the warden, refuse a mangled key without a look-up.
 */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const ID_LENGTH = 12
const SECRET_LENGTH = 32 // 190 bits
const CHECKSUM_LENGTH = 6 // 62^6 > 2^32
const FORM = /^r2w_([0-9A-Za-z]{12})_([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/

export interface TeamKey {
  readonly id: string
  readonly secret: string
}

/** A new key, from the platform's cryptographic random numbers. */
export function generateTeamKey(): TeamKey & { readonly text: string } {
  const key = { id: randomText(ID_LENGTH), secret: randomText(SECRET_LENGTH) }
  return { ...key, text: formatTeamKey(key) }
}

export function formatTeamKey({ id, secret }: TeamKey): string {
  const body = `r2w_${id}_${secret}`
  return body + checksum(body)
}

/** Reads a key; `null` when its form or its checksum is wrong. */
export function parseTeamKey(text: string): TeamKey | null {
  const [, id, secret, check] = FORM.exec(text) ?? []
  if (id === undefined || secret === undefined || check !== checksum(`r2w_${id}_${secret}`)) return null
  return { id, secret }
}

/** SHA-256 of a key's secret, hex: all that is ever stored of it. 190 random bits need no salt and no stretching. */
export async function hashSecret(secret: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** CRC-32 (ISO 3309, as in zlib) in base 62. It catches mistakes, not attacks: those end at the hash. */
function checksum(text: string): string {
  let rest = crc32(text)
  let digits = ''
  for (let place = 0; place < CHECKSUM_LENGTH; place++) {
    digits = ALPHABET.charAt(rest % 62) + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}

function crc32(text: string): number {
  let crc = 0xffffffff
  for (let index = 0; index < text.length; index++) {
    crc ^= text.charCodeAt(index)
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}

/** Draws letters evenly: bytes past the last whole multiple of 62 are drawn again. */
function randomText(length: number): string {
  let text = ''
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      if (byte < 248 && text.length < length) text += ALPHABET.charAt(byte % 62)
    }
  }
  return text
}
