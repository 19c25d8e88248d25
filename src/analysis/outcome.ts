import type { GuardrailRule, Policy } from '../policy/compile.ts'
import type { Decision, Facts, Verdict } from '../policy/decide.ts'
import { explainDenial, violationsOf } from '../policy/explain.ts'

export const OUTCOMES = ['allow', 'warn', 'deny'] as const

/** A decision as its caller meets it. */
export interface Outcome {
  /** `warn` is allowed, with a guardrail that warns. What only `shadow` guardrails found is `allow`. */
  readonly result: (typeof OUTCOMES)[number]
  /** The rules that made it so: the grant, the deny rule, the guardrails; `no-grant` or `out-of-scope`. */
  readonly by: readonly string[]
  readonly why: string
}

/** What a caller meets, without saying why. */
export function resultOf(decision: Decision): Outcome['result'] {
  if (!decision.allowed) return 'deny'
  return violationsOf(decision.verdicts, 'warn').length > 0 ? 'warn' : 'allow'
}

export function outcomeOf(policy: Policy, facts: Facts, decision: Decision): Outcome {
  if (!decision.allowed) {
    const why = explainDenial(policy.team, facts, decision).message
    const { reason } = decision
    if (reason.kind === 'deny') return { result: 'deny', by: [reason.rule.name], why }
    if (reason.kind === 'guardrail') return { result: 'deny', by: violated(reason.verdicts, 'enforce'), why }
    return { result: 'deny', by: [reason.kind], why }
  }
  const { grant, verdicts } = decision
  const warnings = violationsOf(verdicts, 'warn')
  const granted = `${grant.label} gives it, by role ${grant.role}`
  const by = [...violated(verdicts, 'warn'), grant.label, ...violated(verdicts, 'shadow')]
  if (warnings.length === 0) return { result: 'allow', by, why: `${granted}.` }
  const said = warnings.map(({ guardrail, message }) => `${guardrail}: ${message}`).join('; ')
  return { result: 'warn', by, why: `${granted}; ${said}.` }
}

/** The guardrails of one mode that found something. */
function violated(verdicts: readonly Verdict[], mode: GuardrailRule['mode']): string[] {
  return [...new Set(violationsOf(verdicts, mode).map(({ guardrail }) => guardrail))]
}
