/** The letters of bucket names, in the order that upstream lists names in. */
const LETTERS = '-0123456789abcdefghijklmnopqrstuvwxyz'
const LONGEST_NAME = 63

/** A name that comes before every name with this prefix, with no other between; `null` if nothing comes before. */
export function predecessor(prefix: string): string | null {
  const rest = prefix.slice(0, -1)
  const previous = LETTERS[LETTERS.indexOf(prefix.slice(-1)) - 1]
  if (previous === undefined) return rest || null
  const edge = (rest + previous).padEnd(LONGEST_NAME, 'z')
  return edge.startsWith('-') ? null : edge // no name starts with a hyphen
}

/** A name that comes after every name with this prefix, with no other between; `null` if nothing comes after. */
export function successor(prefix: string): string | null {
  const end = prefix.replace(/z+$/, '')
  const next = LETTERS[LETTERS.indexOf(end.slice(-1)) + 1]
  return end === '' || next === undefined ? null : end.slice(0, -1) + next
}
