import type { Change, Violation } from './guardrails/guardrail.ts'
import { KIND_NAMES, KINDS, type KindName } from './guardrails/index.ts'

/** The rule of `closedByDefault`, as decisions call it. */
export const CLOSED_BY_DEFAULT = 'closed-by-default'

/** A guardrail of the document, as far as it matters here. */
interface Naming {
  readonly kind: KindName
  readonly mode: string
  readonly options: unknown
  readonly holds: (jurisdiction: string, bucket: string | null) => boolean
  readonly check: (change: Change) => readonly Violation[]
}

const EVERYWHERE = {
  buckets: ['*'],
  jurisdictions: ['*'],
  holdsIn: () => true,
  holds: () => true,
}

/**
 * What an organization that is closed by default has beside its guardrails: zones, queues and sources may be named only
 * where an enforced guardrail says which. That guardrail then judges the one that is named.
 */
export function closedRules(guardrails: readonly Naming[]) {
  return KIND_NAMES.flatMap((kind) => {
    const { open } = KINDS[kind]
    if (!open) return []
    const naming = guardrails.filter(
      (one) => one.kind === kind && one.mode === 'enforce' && open.isNamed(one.options),
    )
    return [
      {
        ...EVERYWHERE,
        name: CLOSED_BY_DEFAULT,
        from: 'organization' as const,
        mode: 'enforce' as const,
        kind,
        options: {},
        reason: null,
        operations: open.operations,
        needs: () => [],
        check: (change: Change) => (isNamedFor(change, naming) ? [] : [unnamed(kind)]),
      },
    ]
  })
}

/** Where no bucket is asked about, one for which it is named would do. */
function isNamedFor(change: Change, naming: readonly Naming[]): boolean {
  const { jurisdiction, bucket } = change
  if (bucket === undefined) return naming.some(({ check }) => check(change).length === 0)
  return naming.some((one) => one.holds(jurisdiction, bucket))
}

function unnamed(kind: KindName): Violation {
  const { open } = KINDS[kind]
  return {
    pointer: '',
    message: `no guardrail says which ${open?.what} this bucket may use`,
    value: null,
    allowed: `what a guardrail names by ${open?.options}`,
  }
}
