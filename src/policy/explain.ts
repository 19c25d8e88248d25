import type { DenyRule, GrantRule, GuardrailRule, Policy } from './compile.ts'
import type { Decision, Denied, Facts, Verdict } from './decide.ts'
import type { Violation } from './guardrails/guardrail.ts'

/** A denial in plain words and plain data, for a caller. */
export interface Explanation {
  readonly code: 'forbidden' | 'denied' | 'guardrail_violation'
  readonly message: string
  /** The message in parts, one for each value that may not stand. */
  readonly details?: readonly string[]
  readonly members: Readonly<Record<string, unknown>>
}

/** Why a request was denied: names what is missing, what forbids it, or every value that may not stand; and whom to ask. */
export function explainDenial(team: string, facts: Facts, denied: Denied): Explanation {
  const { contact } = denied
  const explained = explainReason(team, facts, denied)
  if (contact === undefined) return explained
  const { message, details, members } = explained
  const last = details?.at(-1)
  return {
    ...explained,
    message: `${message} Ask ${contact}.`,
    ...(details && last !== undefined && { details: [...details.slice(0, -1), `${last} Ask ${contact}.`] }),
    members: { ...members, contact },
  }
}

function explainReason(team: string, facts: Facts, { reason }: Denied): Explanation {
  const asked = `${facts.operation} on ${placeOf(facts)} (jurisdiction ${facts.jurisdiction})`
  switch (reason.kind) {
    case 'no-grant':
      return forbidden(`Team ${team} has no grant of ${asked}.`, facts)
    case 'out-of-scope':
      return forbidden(`The scope of this key leaves out ${asked}.`, facts)
    case 'deny': {
      const { name, from, reason: why } = reason.rule
      const message = `The ${from}'s rule ${name} denies ${asked}.${because(why)}`
      return {
        code: 'denied',
        message,
        members: { rule: { name, from }, ...(why !== null && { reason: why }) },
      }
    }
    case 'guardrail': {
      const violations = violationsOf(reason.verdicts, 'enforce')
      const details = violations.map(sentence)
      const why = [...new Set(violations.flatMap((one) => one.reason ?? []))].join(' ')
      return {
        code: 'guardrail_violation',
        message: details.join(' '),
        details,
        members: { violations, ...(why !== '' && { reason: why }) },
      }
    }
    case 'broken-policy': {
      const message = `Everything is denied, because ${reason.message}. See /readyz.`
      return { code: 'forbidden', message, members: {} }
    }
  }
}

/** A reason as a sentence of its own. */
const because = (reason: string | null | undefined) =>
  reason == null ? '' : ` ${/[.!?]$/.test(reason) ? reason : `${reason}.`}`

function sentence({
  guardrail,
  pointer,
  message,
  allowed,
  expected,
  reason,
}: ReturnType<typeof violationsOf>[number]): string {
  const where = pointer === '' ? guardrail : `${guardrail}, ${pointer}`
  const shape = expected === undefined ? '' : `; expected ${expected}`
  return `${where}: ${message}${allowedInWords(pointer, allowed)}${shape}.${because(reason)}`
}

function allowedInWords(pointer: string, allowed: unknown): string {
  if (allowed === null || allowed === undefined) return ''
  if (typeof allowed === 'boolean') return `; set ${pointer.split('/').at(-1)} to ${allowed}`
  if (!Array.isArray(allowed)) return `; allowed: ${String(allowed)}`
  return allowed.length === 0 ? '; none is allowed' : `; allowed: ${allowed.join(', ')}`
}

/** What the guardrails of one mode found, each with its guardrail. */
export function violationsOf(verdicts: readonly Verdict[], mode: GuardrailRule['mode']) {
  return verdicts
    .filter(({ guardrail }) => guardrail.mode === mode)
    .flatMap(({ guardrail: { name, reason }, violations }) =>
      violations.map((one) => ({ guardrail: name, ...one, ...(reason !== null && { reason }) })),
    )
}

/** A decision in full: every rule that was considered, the one that decided, and what would change it. */
export function explainDecision(policy: Policy, facts: Facts, decision: Decision) {
  const { operation, jurisdiction, bucket } = facts
  const rules = policy.rulesFor(operation)
  const isOpen = dependsOnValue(facts, decision)
  const denial = decision.allowed || isOpen ? null : explainDenial(policy.team, facts, decision)
  return {
    team: policy.team,
    operation,
    jurisdiction,
    bucket,
    allowed: decision.allowed,
    ...(isOpen && { dependsOnValue: true, detail: 'It depends on the value: name it in `body`.' }),
    ...(denial && { code: denial.code, detail: denial.message }),
    decidedBy: decidedBy(decision, isOpen),
    grants: policy.grants.map((grant) => ({
      rule: grant.label,
      role: grant.role,
      buckets: grant.buckets,
      jurisdictions: grant.jurisdictions,
      givesPermission: rules.grants.includes(grant),
      coversBucket: covers(grant, facts),
    })),
    deny: rules.denies.map((rule) => ({
      rule: rule.name,
      from: rule.from,
      denies: rule.holds(jurisdiction, bucket),
    })),
    guardrails: verdictsOf(decision).map(({ guardrail, violations }) => ({
      guardrail: guardrail.name,
      from: guardrail.from,
      kind: guardrail.kind,
      mode: guardrail.mode,
      verdict: violations.length === 0 ? 'passes' : isUnasked(facts, violations) ? 'depends' : 'violated',
      violations: isUnasked(facts, violations) ? [] : violations,
      ...(isUnasked(facts, violations) && { allows: guardrail.options }),
    })),
    smallestGrant: lacksGrant(decision) ? smallestGrant(policy.team, facts) : null,
    smallestScope: lacksScope(policy, facts, decision) ? smallestScope(facts) : null,
  }
}

/** Whether a guardrail found nothing but that no value was named. */
function isUnasked({ body }: Facts, violations: readonly Violation[]): boolean {
  return (
    body === undefined && violations.length > 0 && violations.every(({ expected }) => expected !== undefined)
  )
}

/** Whether the value, which wasn't named, is all that decides. */
function dependsOnValue(facts: Facts, decision: Decision): boolean {
  if (decision.allowed || decision.reason.kind !== 'guardrail') return false
  return decision.reason.verdicts
    .filter(({ guardrail, violations }) => guardrail.mode === 'enforce' && violations.length > 0)
    .every(({ violations }) => isUnasked(facts, violations))
}

const lacksGrant = (decision: Decision) => !decision.allowed && decision.reason.kind === 'no-grant'

/** A grant alone helps nobody whose key leaves the request out. */
function lacksScope(
  policy: Policy,
  { operation, jurisdiction, bucket, listing }: Facts,
  decision: Decision,
): boolean {
  if (decision.allowed || !['no-grant', 'out-of-scope'].includes(decision.reason.kind)) return false
  const { scope } = policy
  const inScope = listing ? scope.holdsIn(jurisdiction) : scope.holds(jurisdiction, bucket)
  return !inScope || !policy.rulesFor(operation).inScope || decision.reason.kind === 'out-of-scope'
}

/** The narrowest scope of a key that doesn't leave this request out. */
export function smallestScope({ operation, jurisdiction, bucket }: Facts): string {
  return [
    'scope:',
    `  permissions: [${operation}]`,
    `  buckets: ["${bucket ?? '*'}"]`,
    `  jurisdictions: [${jurisdiction}]`,
    '',
  ].join('\n')
}

/** The least that a document must say for this request to have a grant: YAML to paste, and to merge. */
export function smallestGrant(team: string, { operation, jurisdiction, bucket }: Facts): string {
  const role = operation.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replaceAll('.', '-')
  return [
    'roles:',
    `  ${role}:`,
    `    permissions: [${operation}]`,
    'teams:',
    `  ${yamlKey(team)}:`,
    '    grants:',
    `      - { role: ${role}, buckets: ["${bucket ?? '*'}"], jurisdictions: [${jurisdiction}] }`,
    '',
  ].join('\n')
}

/** A name as a YAML key: quoted where YAML would read a number, a truth or nothing. */
function yamlKey(name: string): string {
  return /^[0-9]|^(null|true|false|yes|no|on|off|y|n)$/.test(name) ? `"${name}"` : name
}

function decidedBy(decision: Decision, isOpen: boolean) {
  if (isOpen) return { kind: 'value' }
  if (decision.allowed) return { kind: 'grant', rule: decision.grant.label, role: decision.grant.role }
  const { reason } = decision
  switch (reason.kind) {
    case 'deny':
      return { kind: 'deny', rule: reason.rule.name, from: reason.rule.from }
    case 'guardrail':
      return {
        kind: 'guardrail',
        rules: [...new Set(violationsOf(reason.verdicts, 'enforce').map((one) => one.guardrail))],
      }
    case 'no-grant':
    case 'out-of-scope':
    case 'broken-policy':
      return { kind: reason.kind }
  }
}

/** What decided, in short: the grant, the deny rule, the guardrails, or what was missing. */
export function decidingRule(decision: Decision): string {
  if (decision.allowed) return decision.grant.label
  const { reason } = decision
  if (reason.kind === 'deny') return reason.rule.name
  if (reason.kind !== 'guardrail') return reason.kind
  return [...new Set(violationsOf(reason.verdicts, 'enforce').map((one) => one.guardrail))].join(', ')
}

/** What the guardrails that were asked found, however it ended. */
export function verdictsOf(decision: Decision): readonly Verdict[] {
  if (decision.allowed) return decision.verdicts
  return decision.reason.kind === 'guardrail' ? decision.reason.verdicts : []
}

function covers(rule: GrantRule | DenyRule, { jurisdiction, bucket, listing }: Facts): boolean {
  return listing && bucket === null ? rule.holdsIn(jurisdiction) : rule.holds(jurisdiction, bucket)
}

function placeOf({ bucket, listing }: Facts): string {
  if (bucket !== null) return `bucket ${bucket}`
  return listing ? 'any bucket' : 'the whole account'
}

function forbidden(message: string, { operation, bucket, jurisdiction }: Facts): Explanation {
  return { code: 'forbidden', message, members: { missing: { permission: operation, bucket, jurisdiction } } }
}
