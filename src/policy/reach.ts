import type { Policy } from './compile.ts'
import { isGlob, literalPrefix, matches } from './match.ts'

/**
 * The names and globs under which a principal may do an operation in a jurisdiction, before deny
 * rules: where to look for its buckets without scanning everybody's. Never narrower than the policy;
 * it can be wider, so each bucket that is found is decided by itself.
 */
export function reach(policy: Policy, operation: string, jurisdiction: string): string[] {
  const rules = policy.rulesFor(operation)
  if (policy.broken !== null || !rules.inScope || !policy.scope.holdsIn(jurisdiction)) return []
  const granted = rules.grants
    .filter((grant) => grant.holdsIn(jurisdiction))
    .flatMap(({ buckets }) => buckets)
  const narrowed = granted.flatMap((grant) =>
    policy.scope.buckets.flatMap((scope) => commonPattern(grant, scope) ?? []),
  )
  const distinct = [...new Set(narrowed)]
  return distinct.filter((pattern) => !distinct.some((other) => other !== pattern && covers(other, pattern)))
}

/** A pattern for what two have in common, the longer prefix of both; `null` where nothing can match both. */
function commonPattern(one: string, other: string): string | null {
  if (!isGlob(one)) return matches(other, one) ? one : null
  if (!isGlob(other)) return matches(one, other) ? other : null
  if (covers(one, other)) return other
  if (covers(other, one)) return one
  if (literalPrefix(one).startsWith(literalPrefix(other))) return one
  return literalPrefix(other).startsWith(literalPrefix(one)) ? other : null
}

/** Whether every name under `pattern` is plainly under `other` too. */
function covers(other: string, pattern: string): boolean {
  if (!isGlob(other)) return false
  if (!isGlob(pattern)) return matches(other, pattern)
  return other === `${literalPrefix(other)}*` && literalPrefix(pattern).startsWith(literalPrefix(other))
}
