import { ApiError } from '../errors.ts'
import type { Principal } from '../identity/principal.ts'
import { log } from '../log.ts'
import type { Denied, Facts, Verdict } from '../policy/decide.ts'
import { explainDenial } from '../policy/explain.ts'

/** Whose request it was. */
type Asker = Pick<Principal, 'team' | 'keyId'>

/** What guardrails let pass, they still put in the log; an enforced one is in the line of the denial. */
export function logVerdicts({ team, keyId }: Asker, facts: Facts, verdicts: readonly Verdict[]): void {
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

/** A denial as an error for the caller, and a line for the log. */
export function denial({ team, keyId }: Asker, facts: Facts, decision: Denied): ApiError {
  const { code, message, details = [], members } = explainDenial(team, facts, decision)
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
