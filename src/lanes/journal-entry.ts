import { type AuditRecord, FORMAT, type Values } from '../audit/record.ts'
import { withoutNamedCredentials } from '../audit/redaction.ts'
import { ACCOUNT, bucketSubject } from '../audit/subject.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { ApiError } from '../errors.ts'
import type { Decision, Facts } from '../policy/decide.ts'
import { decidingRule, verdictsOf, violationsOf } from '../policy/explain.ts'
import type { Jurisdiction } from '../policy/names.ts'
import type { Operation } from '../routes/operation.ts'
import { bytesOf, fitsRow, MAX_VALUE_BYTES } from '../store/row-limit.ts'
import { domainOf } from './configuration.ts'
import type { ChangeRequest } from './protocol.ts'

/** A change that has been decided, and so has something to be recorded. */
export interface DecidedChange {
  readonly request: Omit<ChangeRequest, 'lane'>
  readonly operation: Operation
  readonly facts: Facts
  readonly decision: Decision
  /** The version of the policy that decided; `null` where there was none. */
  readonly policyVersion: number | null
}

/** What is written of a change when it begins. */
export type JournalEntry = Pick<
  AuditRecord,
  | 'id'
  | 'format'
  | 'lane'
  | 'team'
  | 'keyId'
  | 'keyName'
  | 'dialect'
  | 'operation'
  | 'subject'
  | 'jurisdiction'
  | 'bucket'
  | 'params'
  | 'decision'
  | 'rule'
  | 'policyVersion'
  | 'warnings'
  | 'clientAddress'
  | 'reverts'
>

/** What is recorded of a change when it begins, or is denied. */
export function entryOf(change: DecidedChange, lane: string): JournalEntry {
  const { request, operation, facts, decision, policyVersion } = change
  const { id, principal, dialect, clientAddress, reverts, params } = request
  const { bucket } = facts
  const domain = decision.allowed ? domainOf(operation, request) : domainIn(operation, request)
  return {
    id,
    format: FORMAT,
    lane,
    ...principal,
    dialect,
    operation: facts.operation,
    ...subjectOf(request.jurisdiction, bucket),
    params: canonicalJson({ ...params, bucket: bucket ?? undefined, domain }),
    decision: decision.allowed ? 'allowed' : 'denied',
    rule: decidingRule(decision),
    policyVersion,
    warnings: warningsOf(decision),
    clientAddress,
    reverts: reverts?.id ?? null,
  }
}

/** What a change is about. */
function subjectOf(
  jurisdiction: Jurisdiction,
  bucket: string | null,
): Pick<JournalEntry, 'subject' | 'jurisdiction' | 'bucket'> {
  if (bucket === null) return { subject: ACCOUNT, jurisdiction: null, bucket }
  return { subject: bucketSubject({ jurisdiction, name: bucket }), jurisdiction, bucket }
}

/** A denial is recorded whatever the body says: what is no domain must not keep it from being. */
function domainIn(...[operation, request]: Parameters<typeof domainOf>): string | undefined {
  try {
    return domainOf(operation, request)
  } catch {
    return undefined
  }
}

/** A body may violate a guardrail a thousand times over; a record has room for what shows that. */
const MAX_WARNINGS_LENGTH = 8_192

/** What guardrails found that only warn or record: whole, or as much of it as there is room for in short. */
function warningsOf(decision: Decision): string {
  const found = verdictsOf(decision)
  const warnings = [...violationsOf(found, 'warn'), ...violationsOf(found, 'shadow')]
  const kept = warnings.slice(0, MAX_WARNINGS_LENGTH / 64)
  const whole = canonicalJson(kept)
  if (kept.length === warnings.length && whole.length <= MAX_WARNINGS_LENGTH) return whole
  const brief = kept.map(({ guardrail, pointer, message }) => ({
    guardrail,
    pointer,
    message: message.slice(0, 200),
  }))
  while (canonicalJson(brief).length > MAX_WARNINGS_LENGTH) brief.pop()
  return canonicalJson([...brief, { omitted: warnings.length - brief.length }])
}

/** The body as it may be kept. */
export function bodyOf({ operation, request }: Pick<DecidedChange, 'operation' | 'request'>): Values {
  if (request.body === undefined) return {}
  const { changes } = operation
  return { body: canonicalJson((changes?.recorded ?? withoutNamedCredentials)(request.body)) }
}

/** What may be recorded of a change before it is sent. One that can't be recorded whole is not made. */
export function recordable(values: Values): Values {
  const large = Object.entries(values).find(([, text]) => !fitsRow(text))
  if (!large) return values
  const [part, text] = large
  const what = part === 'body' ? 'The body' : 'What is there now'
  const members = { bytes: bytesOf(text), most: MAX_VALUE_BYTES }
  const message = `${what} takes ${members.bytes} bytes on record, where ${members.most} have room.`
  throw new ApiError('payload_too_large', message, { members })
}

/** More of a body that was not even sent is not worth the room: whoever is denied could fill the store with it. */
const MAX_DENIED_LENGTH = 65_536

/** The body of a denied change as it may be kept. */
export function deniedBodyOf(change: Pick<DecidedChange, 'operation' | 'request'>): Values {
  const { body } = bodyOf(change)
  if (body === undefined || body.length <= MAX_DENIED_LENGTH) return body === undefined ? {} : { body }
  return { body: canonicalJson({ omitted: body.length }) }
}
