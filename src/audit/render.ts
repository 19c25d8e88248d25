import { jsonOrText } from './json-or-text.ts'
import { paramsOf } from './params.ts'
import { type AuditRecord, PARTS, type Values } from './record.ts'

export type Rendered = ReturnType<typeof render>
export type RenderedWhole = ReturnType<typeof renderWhole>

/** A record as v1 shows it. */
export function render(record: AuditRecord) {
  const { id, at, team, keyId, keyName, dialect, operation, subject, jurisdiction, bucket } = record
  const { decision, rule, policyVersion, code, warnings, outcome, reconciled } = record
  const { upstreamStatus, cfRay, durationMs } = record
  const { clientAddress, reverts, lane, sequence, previousHash, hash } = record
  const params = paramsOf(record)
  return {
    id,
    at: new Date(at).toISOString(),
    requestId: id,
    team,
    principal: { keyId, keyName },
    dialect,
    operation,
    subject,
    jurisdiction,
    bucket,
    domain: params.domain ?? null,
    queueId: params.queueId ?? null,
    params,
    decision,
    rule,
    policyVersion,
    code,
    warnings: jsonOrText(warnings),
    outcome,
    reconciled: reconciled === 1,
    upstream: upstreamStatus === null ? null : { status: upstreamStatus, cfRay },
    durationMs,
    clientAddress,
    reverts,
    chain: { lane, sequence, previousHash, hash },
  }
}

/** A record with what was sent and what was there. A part without a digest was not there, or could not be read. */
export function renderWhole(record: AuditRecord, values: Values) {
  const [body, before, after] = PARTS.map((part) => {
    const value = values[part]
    return value === undefined ? null : jsonOrText(value)
  })
  const { bodyDigest, beforeDigest, afterDigest } = record
  const digests = { body: bodyDigest, before: beforeDigest, after: afterDigest }
  return { ...render(record), body, before, after, digests }
}
