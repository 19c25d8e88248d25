import { JURISDICTIONS } from '../policy/names.ts'
import { isCovered, overlapsAny } from './patterns.ts'

/** Some buckets in some jurisdictions, as a document writes it. */
export interface Placed {
  readonly buckets: readonly string[]
  readonly jurisdictions: readonly string[]
}

export const jurisdictionsOf = ({ jurisdictions }: Pick<Placed, 'jurisdictions'>): readonly string[] =>
  jurisdictions.includes('*') ? JURISDICTIONS : jurisdictions

/** Whether a place lies within another. Only `*` stands for the whole account, so only `*` covers a `*`. */
export function isWithin(inner: Placed, outer: Placed): boolean {
  const named = jurisdictionsOf(outer)
  return (
    jurisdictionsOf(inner).every((one) => named.includes(one)) &&
    inner.buckets.every((one) => (one === '*' ? outer.buckets.includes('*') : isCovered(one, outer.buckets)))
  )
}

/** Whether two places have a bucket in common that could exist. */
export function meet(one: Placed, other: Placed): boolean {
  const named = jurisdictionsOf(other)
  return (
    jurisdictionsOf(one).some((jurisdiction) => named.includes(jurisdiction)) &&
    one.buckets.some((pattern) => overlapsAny(pattern, other.buckets))
  )
}

export const isWholeAccount = ({ buckets }: Pick<Placed, 'buckets'>) => buckets.includes('*')

export function placeInWords({ buckets, jurisdictions }: Placed): string {
  const all = jurisdictionsOf({ jurisdictions }).length === JURISDICTIONS.length
  const where = all ? 'all jurisdictions' : jurisdictions.join(', ')
  return `${buckets.join(', ')} in ${where}`
}
