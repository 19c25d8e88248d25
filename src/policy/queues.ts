import type { Policy, Reach } from './compile.ts'

const OPERATIONS = ['buckets.eventNotifications.update', 'buckets.eventNotifications.delete']

/**
 * Whether a team may send the events of some bucket to a queue, or stop that: something grants it, and no guardrail
 * that holds for every bucket keeps the queue out. Which bucket, is asked when it is done.
 */
export function mayNotify(policy: Policy, queueId: string): boolean {
  return policy.broken === null && OPERATIONS.some((operation) => isOpen(policy, operation, queueId))
}

function isOpen(policy: Policy, operation: string, queueId: string): boolean {
  const { inScope, grants, denies, guardrails } = policy.rulesFor(operation)
  if (!inScope || grants.length === 0 || denies.some(isEverywhere)) return false
  const change = { operation, jurisdiction: 'default', queueId, body: { rules: [] } }
  return guardrails
    .filter((guardrail) => guardrail.mode === 'enforce' && isEverywhere(guardrail))
    .every(({ check }) => check(change).length === 0)
}

function isEverywhere({ buckets, jurisdictions }: Reach): boolean {
  return buckets.includes('*') && jurisdictions.includes('*')
}
