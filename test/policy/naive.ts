import type { Jurisdiction, KeyScope, PolicyDocument } from '../../src/policy/document.ts'
import { ROLE_TABLE } from './role-table.ts'

/**
 * A second reading of the policy, written to be obviously right and nothing else: it walks the document
 * as it was written, with regular expressions, for every single question. It shares no code with src/.
 */

export interface Question {
  readonly operation: string
  readonly jurisdiction: Jurisdiction
  readonly bucket: string | null
}

export function naiveMatches(pattern: string, text: string): boolean {
  const literal = (piece: string) => piece.replace(/[.\\+?^${}()|[\]]/g, '\\$&')
  return new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`, 's').test(text)
}

const anyMatches = (patterns: readonly string[], text: string) =>
  patterns.some((pattern) => naiveMatches(pattern, text))

/** Whether a role of the document, or a built-in one, names an operation. */
function roleNames(document: PolicyDocument, role: string, operation: string): boolean {
  const builtIn = ROLE_TABLE.get(role)
  if (builtIn) return builtIn.includes(operation)
  return anyMatches(document.roles[role]?.permissions ?? [], operation)
}

interface Placed {
  readonly buckets: readonly string[]
  readonly jurisdictions: readonly string[]
}

function isThere({ buckets, jurisdictions }: Placed, { jurisdiction, bucket }: Question): boolean {
  if (!jurisdictions.includes('*') && !jurisdictions.includes(jurisdiction)) return false
  return bucket === null ? buckets.includes('*') : anyMatches(buckets, bucket)
}

/** Whether a request about one bucket, or about the whole account, is allowed. */
export function naiveAllows(
  document: PolicyDocument,
  team: string,
  scope: KeyScope | null,
  question: Question,
): boolean {
  const part = document.teams[team]
  if (!part) return false
  const denies = [...document.organization.deny, ...part.deny]
  if (denies.some((deny) => anyMatches(deny.permissions, question.operation) && isThere(deny, question)))
    return false
  const isGranted = part.grants.some(
    (grant) => roleNames(document, grant.role, question.operation) && isThere(grant, question),
  )
  return isGranted && naiveCovers(document, scope, question)
}

function naiveCovers(document: PolicyDocument, scope: KeyScope | null, question: Question): boolean {
  const { role, permissions, buckets = ['*'], jurisdictions = ['*'] } = scope ?? {}
  return (
    (role === undefined || roleNames(document, role, question.operation)) &&
    (permissions === undefined || anyMatches(permissions, question.operation)) &&
    isThere({ buckets, jurisdictions }, question)
  )
}
