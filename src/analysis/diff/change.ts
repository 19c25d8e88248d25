/** Something that a team gains or loses. */
export interface Change {
  readonly kind: 'grant' | 'deny' | 'guardrail' | 'limit'
  /** The deny rule, guardrail or limit; a grant has no name. */
  readonly rule: string | null
  readonly operations: readonly string[]
  readonly buckets: readonly string[]
  readonly jurisdictions: readonly string[]
  /** Of the same operations, what the team had before or keeps. */
  readonly besides: readonly string[]
  readonly text: string
}

type Lists = 'operations' | 'buckets' | 'jurisdictions'

/** Puts changes together that differ in one list only. */
export function collapse<T extends Pick<Change, Lists>>(changes: readonly T[], list: Lists): T[] {
  const groups = Map.groupBy(changes, (change) => JSON.stringify({ ...change, [list]: null }))
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    return first ? [{ ...first, [list]: [...new Set(group.flatMap((one) => one[list]))] }] : []
  })
}
