import type { AnyKind, Change, Violation } from '../../../src/policy/guardrails/guardrail.ts'
import { KINDS, type KindName } from '../../../src/policy/guardrails/index.ts'

/** The tools of the tests of single kinds: options as a document has them, a change, and what was found. */

/** What a guardrail of these options finds in a change; by default in the first operation of its kind. */
export function judge(
  kind: KindName,
  options: unknown,
  { operation, ...change }: Partial<Change>,
): readonly Violation[] {
  const { options: schema, operations, check }: AnyKind = KINDS[kind]
  const first = operations[0]
  if (first === undefined) throw new Error(`${kind} speaks of no operation`)
  return check(schema.parse(options), { operation: operation ?? first, jurisdiction: 'default', ...change })
}

export const pointersOf = (violations: readonly Violation[]): string[] =>
  violations.map(({ pointer }) => pointer)
