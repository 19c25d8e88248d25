import type { Decision, Facts, Refused } from './decide.ts'

/** A refusal in plain words and plain data, for a caller. */
export interface Explanation {
  readonly code: 'forbidden' | 'denied'
  readonly message: string
  readonly members: Readonly<Record<string, unknown>>
}

/** Why a request was refused: names what is missing, or what forbids it. */
export function explainRefusal(team: string, facts: Facts, { reason }: Refused): Explanation {
  const asked = `${facts.operation} on ${placeOf(facts)} (jurisdiction ${facts.jurisdiction})`
  switch (reason.kind) {
    case 'no-grant':
      return forbidden(`Team ${team} has no grant of ${asked}.`, facts)
    case 'out-of-scope':
      return forbidden(`The scope of this key leaves out ${asked}.`, facts)
    case 'deny': {
      const { name, from } = reason.rule
      return {
        code: 'denied',
        message: `The ${from}'s rule ${name} denies ${asked}.`,
        members: { rule: { name, from } },
      }
    }
    case 'broken-policy':
      return {
        code: 'forbidden',
        message: `Everything is denied, because ${reason.message}. See /readyz.`,
        members: {},
      }
  }
}

/** A decision as plain data, as `dryRun` answers it. */
export function describeDecision(team: string, facts: Facts, decision: Decision): Record<string, unknown> {
  const { operation, jurisdiction, bucket } = facts
  const asked = { team, operation, jurisdiction, bucket }
  if (decision.allowed) {
    const { label, role } = decision.grant
    return { ...asked, allowed: true, grant: { rule: label, role } }
  }
  const { code, message, members } = explainRefusal(team, facts, decision)
  return { ...asked, allowed: false, code, detail: message, ...members }
}

function placeOf({ bucket, listing }: Facts): string {
  if (bucket !== null) return `bucket ${bucket}`
  return listing ? 'any bucket' : 'the whole account'
}

function forbidden(message: string, { operation, bucket, jurisdiction }: Facts): Explanation {
  return { code: 'forbidden', message, members: { missing: { permission: operation, bucket, jurisdiction } } }
}
