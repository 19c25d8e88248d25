import * as z from 'zod'
import { decodeCursor } from '../../audit/cursor.ts'
import { OUTCOMES } from '../../audit/record.ts'
import { bucketName, jurisdiction, recordId } from '../fields.ts'
import { handled } from '../operation.ts'
import { describedPerPage } from '../per-page.ts'
import { operationNames } from '../r2/index.ts'
import { decision } from './explain.ts'

/** Finer than a record's own time: what lies between two ms is rounded up, so that `since` and `until` hold exactly. */
const instant = z.iso
  .datetime({
    offset: true,
    error: 'an RFC 3339 instant such as 2026-01-31T12:00:00Z, with + written as %2B',
  })
  .transform((text) => Date.parse(text) + (/\.\d{3}\d*[1-9]/.test(text) ? 1 : 0))

/** The format says it all; the pattern that it is checked by knows leap years, and is for machines only. */
const plain = ({ jsonSchema }: { jsonSchema: { pattern?: string } }) => {
  delete jsonSchema.pattern
}

const cursor = z
  .string()
  .max(64)
  .transform((text, context) => {
    const position = decodeCursor(text)
    if (position) return position
    context.addIssue({ code: 'custom', message: 'is not a cursor of this API' })
    return z.NEVER
  })

const filters = z.strictObject({
  team: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'the name of a team')
    .exactOptional()
    .meta({ description: 'Of this team; another than your own needs `warden.audit.list`' }),
  principal: z
    .string()
    .regex(/^[0-9A-Za-z_-]{1,64}$/, 'the id of a key')
    .exactOptional()
    .meta({ description: 'By the key with this id' }),
  operation: z.enum(operationNames).exactOptional(),
  subject: z
    .string()
    .regex(/^[a-z]{1,32}(:[\x21-\x7e]{1,128})?$/, 'what a record is about, such as bucket:eu/data-lake')
    .exactOptional()
    .meta({ description: 'About exactly this, as records name it: `bucket:eu/data-lake`, say' }),
  bucket: bucketName.exactOptional(),
  jurisdiction: jurisdiction.exactOptional(),
  decision: z.enum(['allowed', 'denied']).exactOptional(),
  outcome: z.enum(OUTCOMES).exactOptional(),
  since: instant.exactOptional().meta({ description: 'From this instant on (RFC 3339)', override: plain }),
  until: instant.exactOptional().meta({ description: 'Before this instant (RFC 3339)', override: plain }),
  perPage: describedPerPage('Records'),
  cursor: cursor.exactOptional().meta({ description: '`nextCursor` of the page before' }),
})

const orNull = <T extends z.ZodType>(type: T, description: string) => type.nullable().meta({ description })

export const auditEntry = z
  .object({
    id: recordId,
    at: z.iso.datetime().meta({ description: 'When it was asked for: UTC, in ms' }),
    requestId: z.string().meta({ description: 'The `x-request-id` of the answer: the id again' }),
    team: z.string(),
    principal: z.object({ keyId: z.string(), keyName: z.string() }),
    dialect: z.enum(['v1', 'v4']),
    operation: z.string(),
    subject: z.string().meta({
      description: 'What it is about: `bucket:<jurisdiction>/<name>`, or `account`',
      examples: ['bucket:eu/data-lake'],
    }),
    jurisdiction: jurisdiction.nullable(),
    bucket: orNull(z.string(), '`null`, as the jurisdiction is, where it is about no bucket'),
    domain: z.string().nullable(),
    queueId: z.string().nullable(),
    params: z.record(z.string(), z.string()).meta({
      description:
        'What names the things that the operation was on: `bucket`, `domain`, `queueId` and the like',
    }),
    decision: z.enum(['allowed', 'denied']),
    rule: orNull(z.string(), 'What decided: a grant, a deny rule, guardrails, a limit'),
    policyVersion: orNull(
      z.int(),
      'The version of the policy that decided; `null` where there was none, and in old records',
    ),
    code: orNull(z.string(), 'Code of the error that was answered; `null` for success'),
    warnings: z.unknown().meta({
      description:
        'What guardrails found that warn or only record; where there is no room for it all, the last one says how ' +
        'many were `omitted`',
    }),
    outcome: z.enum(OUTCOMES).meta({
      description:
        '`pending`: not known yet. `refused`: Cloudflare said no. `denied`: policy said no, and nothing was sent. ' +
        '`did_not_happen`, `unknown`: found afterwards, by reading what is there',
    }),
    reconciled: z.boolean().meta({ description: 'Whether the outcome was found afterwards' }),
    upstream: orNull(
      z.object({ status: z.int(), cfRay: z.string().nullable() }),
      'What Cloudflare answered; `null` where nothing was',
    ),
    durationMs: z.number().nullable(),
    clientAddress: z.string().nullable(),
    reverts: orNull(z.string(), 'Id of the change that this one undoes'),
    chain: z
      .object({
        lane: z.string(),
        sequence: z.int(),
        previousHash: z.string(),
        hash: orNull(z.string(), '`null` while the outcome is pending'),
      })
      .meta({ description: 'The place in the chain of hashes that shows tampering' }),
  })
  .meta({ id: 'AuditRecord' })

const digest = z.string().nullable()

export const auditRecordWhole = z
  .object({
    ...auditEntry.shape,
    body: z.unknown().meta({ description: 'What was sent, without credentials' }),
    before: z.unknown().meta({ description: 'The configuration before' }),
    after: z.unknown().meta({ description: 'The configuration after' }),
    digests: z.object({ body: digest, before: digest, after: digest }).meta({
      description:
        'SHA-256, hex, of each of the three as canonical JSON (RFC 8785). Where it is `null` the value is too, and ' +
        'means that there was none or that it could not be read; `null` with a digest is what was there',
    }),
  })
  .meta({ id: 'AuditRecordWhole' })

const flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .default(false)

const revertQuery = z.strictObject({
  force: flag.meta({
    description: 'Also when somebody has changed it since; needs `warden.audit.force`',
    override: { type: 'boolean' },
  }),
  dryRun: flag.meta({
    description: 'Answer with the decision and send nothing upstream',
    override: { type: 'boolean' },
  }),
})

const reverted = z
  .object({
    reverted: recordId,
    operation: z
      .string()
      .meta({ description: 'What was done to undo it; its record has the `x-request-id` as id' }),
  })
  .meta({ id: 'Reverted' })

/** The audit trail, for those who are on it and those who answer for it. */
export const auditList = handled({
  name: 'warden.audit.list',
  only: 'v1',
  method: 'get',
  path: '/v1/audit',
  access: 'own',
  summary: 'List changes, and denied changes, the newest first',
  description:
    "A team's keys see the records of their own team; those of every team need the permission `warden.audit.list`. " +
    'A key whose scope names buckets or jurisdictions sees the records of these only. Pages are full but for the ' +
    'last, and a record that is written meanwhile neither repeats nor hides another. The next page is in ' +
    '`nextCursor` and, in every form, in the header `Link` with `rel="next"`.',
  target: 'account',
  query: filters,
  result: z
    .object({ records: z.array(auditEntry), nextCursor: z.string().nullable() })
    .meta({ id: 'AuditPage' }),
  formats: {
    'text/csv': z.string().meta({
      description:
        "RFC 4180 with a header row. A `'` stands before what a spreadsheet would take for a formula",
    }),
    'application/x-ndjson': z.string().meta({ description: 'A record a line, as in JSON' }),
  },
})

export const auditGet = handled({
  name: 'warden.audit.get',
  only: 'v1',
  method: 'get',
  path: '/v1/audit/:id',
  access: 'own',
  summary: 'Get a change with what was sent, and the configuration before and after',
  description:
    "The record of another team's change needs the permission `warden.audit.get`; without it, whether there is " +
    'such a record is not told.',
  target: 'account',
  result: auditRecordWhole,
  refusals: ['record_not_found'],
})

export const auditRevert = handled({
  name: 'warden.audit.revert',
  only: 'v1',
  method: 'post',
  path: '/v1/audit/:id/revert',
  access: 'identified',
  permissions: ['warden.audit.force'],
  summary: 'Undo a change: put back what was there before',
  description:
    'It is a change of its own: the permission is that of the operation that undoes it (`buckets.cors.update`, ' +
    'say), guardrails judge what goes back, and it has a record. When somebody changed the configuration since, it ' +
    'is refused with 412. The deletion of a bucket and a Sippy source, whose credentials are not kept, cannot be ' +
    'undone.',
  target: 'account',
  query: revertQuery,
  result: z.union([reverted, decision]),
  refusals: [
    'guardrail_violation',
    'quota_exceeded',
    'record_not_found',
    'not_revertible',
    'precondition_failed',
  ],
})
