import { compile, type Policy } from '../../src/policy/compile.ts'
import { decide, type Facts } from '../../src/policy/decide.ts'
import {
  type Jurisdiction,
  type KeyScope,
  type PolicyDocument,
  policyDocument,
} from '../../src/policy/document.ts'
import { explainDenial } from '../../src/policy/explain.ts'
import { permissionNames } from '../../src/routes/index.ts'

/** The tools of the policy tests: a document becomes a policy, a question becomes a plain answer. */

type Part = Readonly<Record<string, unknown>>

export const parse = (document: unknown) => policyDocument(permissionNames).safeParse(document)

/** The policy of one team of a checked document. */
export function policyOf(document: PolicyDocument, team: string, scope: KeyScope | null = null): Policy {
  const part = document.teams[team]
  if (!part) throw new Error(`the document has no team ${team}`)
  return compile(team, document, part, scope)
}

/** The policy of a team called `team`, from its part, the rest of a document and the scope of its key. */
export function policy(part: Part, rest: Part = {}, scope: KeyScope | null = null): Policy {
  const document = policyDocument(permissionNames).parse({ version: 1, ...rest, teams: { team: part } })
  return policyOf(document, 'team', scope)
}

/** What is asked about one bucket, or with `null` about the whole account. */
export const on = (
  operation: string,
  bucket: string | null,
  jurisdiction: Jurisdiction = 'default',
): Facts => ({
  operation,
  jurisdiction,
  bucket,
})

export const listingIn = (jurisdiction: Jurisdiction = 'default'): Facts => ({
  ...on('buckets.list', null, jurisdiction),
  listing: true,
})

export const isAllowed = (policy: Policy, facts: Facts): boolean => decide(policy, facts).allowed

/** The decision as a caller reads it: the grant that allows, or the refusal in plain data. */
export function answer(policy: Policy, facts: Facts): Readonly<Record<string, unknown>> {
  const decision = decide(policy, facts)
  if (decision.allowed) return { allowed: true, grant: decision.grant.label, role: decision.grant.role }
  const { code, message, members } = explainDenial(policy.team, facts, decision)
  return { allowed: false, code, message, ...members }
}
