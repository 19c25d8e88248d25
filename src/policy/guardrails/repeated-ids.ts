import { pointerTo } from '../pointer.ts'
import type { Violation } from './guardrail.ts'

/** Of two rules of one id upstream may keep either: a guardrail that counts on one of them can't count on it. */
export function repeatedIds(rules: readonly { readonly id?: string | undefined }[]): readonly Violation[] {
  const seen = new Set<string>()
  return rules.flatMap(({ id }, index): Violation[] => {
    if (id === undefined) return []
    if (!seen.has(id)) {
      seen.add(id)
      return []
    }
    return [
      {
        pointer: pointerTo('rules', index, 'id'),
        message: `a second rule has the id ${JSON.stringify(id)}`,
        value: id,
        allowed: 'an id of its own for each rule',
      },
    ]
  })
}
