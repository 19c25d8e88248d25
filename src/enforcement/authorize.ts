import { ApiError } from '../errors.ts'
import { log } from '../log.ts'
import type { Policy } from '../policy/compile.ts'
import {
  currentNeeds,
  type Decision,
  decide,
  decideAccess,
  type Facts,
  type Need,
  type Refused,
  type Verdict,
} from '../policy/decide.ts'
import { explainRefusal } from '../policy/explain.ts'
import type { Operation } from '../routes/operation.ts'
import { upstreamCall } from '../upstream/call.ts'
import { jurisdictionHeader, type Upstream } from '../upstream/client.ts'

/** Decides a request after reading, for guardrails that compare, what is there now. */
export type Judge = (policy: Policy, facts: Facts, upstream: Upstream) => Decision | Promise<Decision>

/** Nothing is read for a request that is refused whatever is there. */
export function createJudge(operations: readonly Operation[]): Judge {
  const calls = new Map(operations.map((one) => [one.name, upstreamCall(one)] as const))
  async function judgeComparing(policy: Policy, facts: Facts, needs: readonly Need[], upstream: Upstream) {
    const access = decideAccess(policy, facts)
    if (!access.allowed) return access
    const { jurisdiction, bucket, domain } = facts
    const params = { ...(bucket !== null && { bucket }), ...(domain !== undefined && { domain }) }
    const read = async ({ operation, enforced }: Need) => {
      const callOf = calls.get(operation)
      if (!callOf) throw new TypeError(`no operation is called ${operation}`)
      try {
        const { result } = await upstream.call(callOf({ params, headers: jurisdictionHeader(jurisdiction) }))
        return [operation, result] as const
      } catch (error) {
        if (enforced) throw error
        return [operation, undefined] as const // a guardrail that only warns stops nothing
      }
    }
    const current = Object.fromEntries(await Promise.all(needs.map(read)))
    return decide(policy, { ...facts, current })
  }
  return function judge(policy, facts, upstream) {
    const needs = currentNeeds(policy, facts)
    return needs.length === 0 ? decide(policy, facts) : judgeComparing(policy, facts, needs, upstream)
  }
}

/**
 * What can be decided without a look at what is there. Refusals are final; what is allowed may still meet a
 * guardrail that compares.
 */
export function judgeFirst(policy: Policy, facts: Facts): Decision {
  return currentNeeds(policy, facts).length === 0 ? decide(policy, facts) : decideAccess(policy, facts)
}

interface Caller {
  readonly team: string
  readonly keyId: string
}

/** What guardrails let pass, they still put in the log; an enforced one is in the line of the refusal. */
export function logVerdicts({ team, keyId }: Caller, facts: Facts, verdicts: readonly Verdict[]): void {
  for (const { guardrail, violations } of verdicts) {
    if (violations.length === 0 || guardrail.mode === 'enforce') continue
    const { operation, jurisdiction, bucket } = facts
    const pointers = violations.map(({ pointer }) => pointer)
    const { name, mode } = guardrail
    log('warn', 'guardrail violated', {
      operation,
      jurisdiction,
      bucket,
      team,
      keyId,
      guardrail: name,
      mode,
      pointers,
    })
  }
}

/** A refusal as an error for the caller, and a line for the log. */
export function refusalOf({ team, keyId }: Caller, facts: Facts, decision: Refused): ApiError {
  const { code, message, details = [], members } = explainRefusal(team, facts, decision)
  const { operation, jurisdiction, bucket } = facts
  log('warn', 'request refused', {
    operation,
    jurisdiction,
    bucket,
    team,
    keyId,
    code,
    reason: decision.reason.kind,
  })
  return new ApiError(code, message, { members, details })
}
