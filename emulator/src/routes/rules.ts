import { ApiError } from '../errors.ts'

interface Rule {
  readonly id?: string | undefined
}

/** Lifecycle and lock rules alike. CORS has no published limit. */
export const MOST_RULES = 1000

export function checkRules(rules: readonly Rule[], limit = Number.POSITIVE_INFINITY): void {
  if (rules.length > limit) throw new ApiError('too_many_rules', { pointer: '/rules' })
  const seen = new Set<string>()
  for (const [index, { id }] of rules.entries()) {
    if (id === undefined) continue
    if (seen.has(id)) throw new ApiError('duplicate_rule', { pointer: `/rules/${index}/id` })
    seen.add(id)
  }
}
