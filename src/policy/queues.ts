import type { Policy } from './compile.ts'

const UPDATE = 'buckets.eventNotifications.update'

/**
 * Whether a team may send the events of some bucket to a queue: something grants it, and no guardrail that
 * holds for every bucket keeps the queue out. Which bucket, is asked when it is done.
 */
export function mayNotify(policy: Policy, queueId: string): boolean {
  const { inScope, grants, denies, guardrails } = policy.rulesFor(UPDATE)
  if (policy.broken !== null || !inScope || grants.length === 0 || denies.some(isEverywhere)) return false
  return guardrails
    .filter((guardrail) => guardrail.mode === 'enforce' && isEverywhere(guardrail))
    .every(
      ({ check }) =>
        check({ operation: UPDATE, jurisdiction: 'default', queueId, body: { rules: [] } }).length === 0,
    )
}

function isEverywhere({
  buckets,
  jurisdictions,
}: {
  buckets: readonly string[]
  jurisdictions: readonly string[]
}) {
  return buckets.includes('*') && jurisdictions.includes('*')
}
