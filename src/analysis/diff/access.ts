import type { DenyRule, Policy } from '../../policy/compile.ts'
import { JURISDICTIONS } from '../../policy/names.ts'
import { operationNamed, permissionNames } from '../../routes/index.ts'
import { isCovered, overlapsAny } from '../patterns.ts'
import { inWords, isAccountWide } from '../permissions.ts'
import { reachInWords } from '../reach.ts'
import { type Change, collapse } from './change.ts'

type AccessChange = Omit<Change, 'text'>

/**
 * What `after` lets a team do that `before` did not, by grants and deny rules; with the two exchanged,
 * what it takes away. It may name what several patterns together gave before; it leaves nothing out.
 */
export function opened(before: Policy, after: Policy): AccessChange[] {
  const found = permissionNames.flatMap((operation) =>
    JURISDICTIONS.flatMap((jurisdiction) => {
      const [old, now] = [accessIn(before, operation, jurisdiction), accessIn(after, operation, jurisdiction)]
      const at = { operations: [operation], jurisdictions: [jurisdiction] }
      return [...newlyGranted(old, now, at), ...noLongerDenied(old, now, at)]
    }),
  )
  return collapse(collapse(collapse(found, 'jurisdictions'), 'operations'), 'buckets')
}

interface Access {
  readonly granted: readonly string[]
  readonly denies: readonly DenyRule[]
  readonly denied: readonly string[]
}

/** The patterns under which an operation is granted and denied in a jurisdiction. */
function accessIn(policy: Policy, operation: string, jurisdiction: string): Access {
  const rules = policy.rulesFor(operation)
  // Only `*` stands for the whole account.
  const counts = (pattern: string) => !isAccountWide(operation) || pattern === '*'
  const granted = rules.grants
    .filter((grant) => grant.holdsIn(jurisdiction))
    .flatMap(({ buckets }) => buckets)
  const denies = rules.denies.filter((rule) => rule.holdsIn(jurisdiction))
  // A listing is denied by `*` only; another deny hides buckets in it.
  const hides = (pattern: string) => operationNamed(operation)?.target !== 'listing' || pattern === '*'
  const denied = denies.flatMap(({ buckets }) => buckets).filter(counts)
  return {
    granted: [...new Set(granted)].filter(counts),
    denies,
    denied: denied.filter(hides),
  }
}

type At = Pick<AccessChange, 'operations' | 'jurisdictions'>

function newlyGranted(before: Access, after: Access, at: At): AccessChange[] {
  return after.granted
    .filter((pattern) => !isCovered(pattern, before.granted) && !isCovered(pattern, after.denied))
    .filter((pattern, _, all) => !all.some((other) => other !== pattern && isCovered(pattern, [other])))
    .map((pattern) => ({
      kind: 'grant',
      rule: null,
      ...at,
      buckets: [pattern],
      besides: before.granted.filter((other) => overlapsAny(other, [pattern])),
    }))
}

/** Deny rules that matter: on what both documents grant. */
function noLongerDenied(before: Access, after: Access, at: At): AccessChange[] {
  const still = after.denies.flatMap(({ buckets }) => buckets)
  const isStillDenied = (pattern: string) =>
    pattern === '*' ? still.includes('*') : isCovered(pattern, still)
  return before.denies.flatMap(({ name, buckets }) =>
    buckets
      .filter((pattern) => !isStillDenied(pattern))
      .filter((pattern) => overlapsAny(pattern, before.granted) && overlapsAny(pattern, after.granted))
      .map((pattern): AccessChange => ({ kind: 'deny', rule: name, ...at, buckets: [pattern], besides: [] })),
  )
}

/** `opened` in words, for what a team gains. */
export function gainInWords(change: AccessChange): Change {
  const what = `${inWords(change.operations)} on ${reachInWords(change)}`
  const before = change.besides.length > 0 ? ` (before only on ${change.besides.join(', ')})` : ''
  const text =
    change.kind === 'deny' ? `is no longer denied ${what} (rule ${change.rule})` : `may now ${what}${before}`
  return { ...change, text }
}

/** `opened`, with the documents exchanged, in words, for what a team loses. */
export function lossInWords(change: AccessChange): Change {
  const what = `${inWords(change.operations)} on ${reachInWords(change)}`
  const still = change.besides.length > 0 ? ` (still on ${change.besides.join(', ')})` : ''
  const text =
    change.kind === 'deny' ? `is now denied ${what} (rule ${change.rule})` : `may no longer ${what}${still}`
  return { ...change, text }
}
