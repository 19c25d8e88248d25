import { isGlob, matches } from '../policy/match.ts'
import { bucketName } from '../routes/fields.ts'

/** What globs have in common. Names never hold a `*`, which the two questions below make use of. */

/**
 * Whether every name under `inner` is under `outer`: the `*` of `inner`, read as a letter like any other
 * but one that no literal has, can only be taken by a `*` of `outer`, which takes any run in its place.
 */
export const covers = (outer: string, inner: string): boolean => matches(outer, inner)

/** Whether some one of `outers` covers a pattern. `false` where only several of them together do. */
export const isCovered = (inner: string, outers: readonly string[]) =>
  outers.some((outer) => covers(outer, inner))

/** Whether a name can be under both. */
export const overlaps = (one: string, other: string): boolean => common(one, other) !== null

export const overlapsAny = (one: string, others: readonly string[]) =>
  others.some((other) => overlaps(one, other))

/** A name, a short one, that is under both; `null` where nothing is. Tries each pair of places once. */
export function common(one: string, other: string): string | null {
  const tried = new Set<number>()
  const from = (i: number, j: number): string | null => {
    if (i === one.length && j === other.length) return ''
    const place = i * (other.length + 1) + j
    if (tried.has(place)) return null
    tried.add(place)
    const [a, b] = [one[i], other[j]]
    const skipped = (a === '*' ? from(i + 1, j) : null) ?? (b === '*' ? from(i, j + 1) : null)
    if (skipped !== null || a === undefined || b === undefined) return skipped
    if (a === '*' && b === '*') return null
    if (a !== b && a !== '*' && b !== '*') return null
    const rest = a === b ? from(i + 1, j + 1) : a === '*' ? from(i, j + 1) : from(i + 1, j)
    return rest === null ? null : (a === '*' ? b : a) + rest
  }
  return from(0, 0)
}

/** Names that buckets under a pattern could have. */
export function namesUnder(pattern: string): string[] {
  const texts = isGlob(pattern)
    ? ['example', 'x1', ''].map((text) => pattern.replaceAll('*', text))
    : [pattern]
  return texts.filter(isBucketName)
}

export const isBucketName = (text: string) => bucketName.safeParse(text).success
