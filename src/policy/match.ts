/**
 * Names and globs. A pattern is an exact name or has `*` for any run of characters, the empty one
 * included. There are no other wildcards and no regular expressions, so a pattern means what it shows.
 */

/** Whether `text` matches `pattern`. Linear in the text: each literal piece is found once, left to right. */
export function matches(pattern: string, text: string): boolean {
  const pieces = pattern.split('*')
  const [first = '', ...rest] = pieces
  const last = rest.pop()
  if (last === undefined) return text === pattern
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false
  const end = text.length - last.length
  let at = first.length
  for (const piece of rest) {
    const found = text.indexOf(piece, at)
    if (found === -1 || found + piece.length > end) return false
    at = found + piece.length
  }
  return true
}

export const isGlob = (pattern: string) => pattern.includes('*')

/** What every name that matches the pattern starts with. */
export const literalPrefix = (pattern: string) => pattern.split('*', 1)[0] ?? ''

/** The longest literal piece of a pattern: every name that matches contains it. */
export function longestLiteral(pattern: string): string {
  return pattern.split('*').reduce((longest, piece) => (piece.length > longest.length ? piece : longest), '')
}

/** One question over many patterns, prepared for the hot path: a set for names, prefixes for `x-*`. */
export function matcher(patterns: readonly string[]): (text: string) => boolean {
  if (patterns.includes('*')) return () => true
  const exact = new Set(patterns.filter((pattern) => !isGlob(pattern)))
  const globs = patterns.filter(isGlob)
  const prefixes = globs
    .filter((glob) => glob.indexOf('*') === glob.length - 1)
    .map((glob) => glob.slice(0, -1))
  const others = globs.filter((glob) => glob.indexOf('*') !== glob.length - 1)
  return (text) => {
    if (exact.has(text)) return true
    for (const prefix of prefixes) if (text.startsWith(prefix)) return true
    for (const glob of others) if (matches(glob, text)) return true
    return false
  }
}
