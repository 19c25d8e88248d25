import { CLOSED_BY_DEFAULT } from '../../policy/closed.ts'
import type { Policy } from '../../policy/compile.ts'
import type { Change } from './change.ts'

export interface ClosureChanges {
  readonly gains: readonly Change[]
  readonly loses: readonly Change[]
}

/** What a team gains or loses by `closedByDefault`, as far as it has grants that it bears on. */
export function closureChanges(before: Policy, after: Policy): ClosureChanges {
  const [old, now] = [closedIn(before), closedIn(after)]
  const isFelt = (operation: string) =>
    [before, after].every((policy) => policy.rulesFor(operation).grants.length > 0)
  const operations = [...new Set([...old, ...now])].filter(isFelt)
  if (operations.length === 0 || (old.length === 0) === (now.length === 0)) return { gains: [], loses: [] }
  const isOpened = now.length === 0
  const found: Change = {
    kind: 'guardrail',
    rule: CLOSED_BY_DEFAULT,
    operations,
    buckets: ['*'],
    jurisdictions: ['*'],
    besides: [],
    text: isOpened
      ? 'closedByDefault is gone: zones, queues and sources that no guardrail names may be used'
      : 'closedByDefault is new: zones, queues and sources that no guardrail names may not be used any more',
  }
  return isOpened ? { gains: [found], loses: [] } : { gains: [], loses: [found] }
}

const closedIn = ({ guardrails }: Policy) =>
  guardrails.filter(({ name }) => name === CLOSED_BY_DEFAULT).flatMap(({ operations }) => operations)
