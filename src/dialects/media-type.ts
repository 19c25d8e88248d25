import { accepts } from 'hono/accepts'
import type { AppContext } from './context.ts'

/** A media range of an `Accept` header, read. */
interface Range {
  readonly type: string
  readonly q: number
}

/**
 * The media type that a caller wants most (RFC 9110, 12.5.1): each has the quality of the most specific range that
 * covers it. Among equals the one that is named more plainly wins, then the one that is offered first; where none
 * is acceptable, the first. Hono's own choice passes over the quality of a range with `*`.
 */
export function preferredType<T extends string>(context: AppContext, offered: readonly [T, ...T[]]): T {
  const [first] = offered
  const match = (ranges: readonly Range[]) =>
    offered
      .map((type) => ({ type, ...covering(ranges, type) }))
      .reduce((best, one) => (isBetter(one, best) ? one : best)).type
  const preferred = accepts(context, { header: 'Accept', supports: [...offered], default: first, match })
  return offered.find((type) => type === preferred) ?? first
}

interface Wish {
  readonly quality: number
  /** Of the range that says so: 2 for the type itself, 0 for any type at all. */
  readonly specificity: number
}

function covering(ranges: readonly Range[], type: string): Wish {
  const bySpecificity = ['*/*', type.replace(/\/.*/, '/*'), type]
  const specificity = bySpecificity.findLastIndex((name) => ranges.some((range) => isNamed(range, name)))
  const range = ranges.find((one) => isNamed(one, bySpecificity[specificity]))
  return { quality: range?.q ?? 0, specificity }
}

const isNamed = ({ type }: Range, name: string | undefined) => type.toLowerCase() === name

const isBetter = (one: Wish, other: Wish) =>
  one.quality > other.quality ||
  (one.quality === other.quality && one.quality > 0 && one.specificity > other.specificity)
