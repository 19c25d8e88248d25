import type { Reach } from '../policy/compile.ts'
import { JURISDICTIONS } from '../policy/names.ts'
import { isCovered, overlapsAny } from './patterns.ts'

export const jurisdictionsOf = ({ jurisdictions }: Pick<Reach, 'jurisdictions'>): readonly string[] =>
  jurisdictions.includes('*') ? JURISDICTIONS : jurisdictions

/** Whether one reach lies within another. Only `*` stands for the whole account, so only `*` covers a `*`. */
export function isWithin(inner: Reach, outer: Reach): boolean {
  const named = jurisdictionsOf(outer)
  return (
    jurisdictionsOf(inner).every((one) => named.includes(one)) &&
    inner.buckets.every((one) => (one === '*' ? outer.buckets.includes('*') : isCovered(one, outer.buckets)))
  )
}

/** Whether two reaches have a bucket in common that could exist. */
export function meet(one: Reach, other: Reach): boolean {
  const named = jurisdictionsOf(other)
  return (
    jurisdictionsOf(one).some((jurisdiction) => named.includes(jurisdiction)) &&
    one.buckets.some((pattern) => overlapsAny(pattern, other.buckets))
  )
}

export const isWholeAccount = ({ buckets }: Pick<Reach, 'buckets'>) => buckets.includes('*')

export function reachInWords({ buckets, jurisdictions }: Reach): string {
  const all = jurisdictionsOf({ jurisdictions }).length === JURISDICTIONS.length
  const where = all ? 'all jurisdictions' : jurisdictions.join(', ')
  return `${buckets.join(', ')} in ${where}`
}
