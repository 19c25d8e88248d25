import { secondsOf } from '../age.ts'
import { matches } from '../match.ts'

/**
 * Whether some options refuse all that others of their kind refuse. Where it can't be told, the answer is no: a
 * warning that isn't given is better than a wrong one, and a diff that names too much than too little.
 */

/** Whether an option refuses at least what the same option of another refuses. Both are given. */
export type AtLeast<Value> = (strict: Value, loose: Value) => boolean

type ByOption<Options> = { readonly [Name in keyof Options]-?: AtLeast<NonNullable<Options[Name]>> }

/** Compares option by option: what the looser says, the stricter says too, and as strictly. */
export function compareOptions<Options extends object>(
  strict: Options,
  loose: Options,
  comparisons: ByOption<Options>,
): boolean {
  const isAsStrict = <Name extends keyof Options>(name: Name) => {
    const [given, wanted] = [strict[name] ?? null, loose[name] ?? null]
    return wanted === null || (given !== null && comparisons[name](given, wanted))
  }
  return (Object.keys(comparisons) as (keyof Options)[]).every(isAsStrict)
}

/** A list of what is allowed: the stricter has nothing that the looser doesn't have too. */
export const listed =
  (covers: (outer: string, inner: string) => boolean): AtLeast<readonly string[]> =>
  (strict, loose) =>
    strict.every((inner) => loose.some((outer) => covers(outer, inner)))

export const among = listed((outer, inner) => outer === inner)
export const globs = listed(matches)

export const least =
  <Value>(rank: (value: Value) => number): AtLeast<Value> =>
  (strict, loose) =>
    rank(strict) >= rank(loose)
export const ages = least(secondsOf)
export const most: AtLeast<number> = (strict, loose) => strict <= loose

/** An option that has one value only. */
export const same: AtLeast<unknown> = (strict, loose) => strict === loose
