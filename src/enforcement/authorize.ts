import type { Policy } from '../policy/compile.ts'
import { currentNeeds, type Decision, decide, decideAccess, type Facts, type Need } from '../policy/decide.ts'
import { operations } from '../routes/index.ts'
import { upstreamCall } from '../upstream/call.ts'
import { jurisdictionHeader, type Upstream } from '../upstream/client.ts'

const readers = new Map(operations.map((one) => [one.name, upstreamCall(one)] as const))

/**
 * Decides a request after reading, for guardrails that compare, what is there now. Nothing is read for a request that
 * is refused whatever is there.
 */
export function authorize(
  policy: Policy,
  facts: Facts,
  upstream: Pick<Upstream, 'call'>,
): Decision | Promise<Decision> {
  const needs = currentNeeds(policy, facts)
  return needs.length === 0 ? decide(policy, facts) : authorizeComparing(policy, facts, needs, upstream)
}

async function authorizeComparing(
  policy: Policy,
  facts: Facts,
  needs: readonly Need[],
  upstream: Pick<Upstream, 'call'>,
): Promise<Decision> {
  const access = decideAccess(policy, facts)
  if (!access.allowed) return access
  const current = Object.fromEntries(await Promise.all(needs.map((need) => read(need, facts, upstream))))
  return decide(policy, { ...facts, current })
}

async function read(
  { operation, enforced }: Need,
  { jurisdiction, bucket, domain }: Facts,
  upstream: Pick<Upstream, 'call'>,
) {
  const callOf = readers.get(operation)
  if (!callOf) throw new TypeError(`no operation is called ${operation}`)
  const params = { ...(bucket !== null && { bucket }), ...(domain !== undefined && { domain }) }
  try {
    const { result } = await upstream.call(callOf({ params, headers: jurisdictionHeader(jurisdiction) }))
    return [operation, result] as const
  } catch (error) {
    if (enforced) throw error
    return [operation, undefined] as const // a guardrail that only warns stops nothing
  }
}

/**
 * What can be decided without a look at what is there. Denials are final; what is allowed may still meet a guardrail
 * that compares.
 */
export function precheck(policy: Policy, facts: Facts): Decision {
  return currentNeeds(policy, facts).length === 0 ? decide(policy, facts) : decideAccess(policy, facts)
}
