import * as z from 'zod'
import { JURISDICTIONS } from '../policy/names.ts'

/**
 * How a change ended. `pending`: its intent is on record, its outcome not yet. `refused`: Cloudflare said no.
 * `did_not_happen` and `unknown` are findings of reconciliation. `denied`: policy said no, and nothing was sent.
 */
export const OUTCOMES = ['pending', 'happened', 'refused', 'did_not_happen', 'unknown', 'denied'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** What a record keeps beside its row: the body as sent, without credentials, and the configuration around it. */
export const PARTS = ['body', 'before', 'after'] as const
export type Part = (typeof PARTS)[number]

/** Canonical JSON by part. A part that is absent was not there, or could not be read. */
export type Values = Readonly<Partial<Record<Part, string>>>

/** One change, or one denied change, as the store has it. */
export const auditRecord = z.object({
  /** The request's id. */
  id: z.string(),
  /** What its hash is over: 1 for what was written before records had a subject. */
  format: z.literal([1, 2]),
  lane: z.string(),
  /** Place in the chain of its lane, from 1 on. */
  sequence: z.number(),
  /** Unix time, ms. */
  at: z.number(),
  team: z.string(),
  keyId: z.string(),
  keyName: z.string(),
  dialect: z.enum(['v1', 'v4']),
  operation: z.string(),
  /** What it is about: `bucket:<jurisdiction>/<name>`, `account`. */
  subject: z.string(),
  /** Where it is about a bucket: which. */
  jurisdiction: z.enum(JURISDICTIONS).nullable(),
  bucket: z.string().nullable(),
  /** Canonical JSON: what names the things that the operation was on, whole. */
  params: z.string(),
  decision: z.enum(['allowed', 'denied']),
  /** What decided: a grant's label, a deny rule, guardrails, `limits.buckets`. */
  rule: z.string().nullable(),
  /** The version of the policy that decided; `null` where there was none. */
  policyVersion: z.number().nullable(),
  /** JSON: what guardrails found that warn or only record. */
  warnings: z.string(),
  clientAddress: z.string().nullable(),
  /** Id of the change that this one undoes. */
  reverts: z.string().nullable(),
  bodyDigest: z.string().nullable(),
  beforeDigest: z.string().nullable(),
  afterDigest: z.string().nullable(),
  outcome: z.enum(OUTCOMES),
  /** 1 when the outcome was found by reading upstream afterwards. */
  reconciled: z.number(),
  /** Error code of the answer; `null` for success. */
  code: z.string().nullable(),
  upstreamStatus: z.number().nullable(),
  cfRay: z.string().nullable(),
  durationMs: z.number().nullable(),
  previousHash: z.string(),
  /** `null` while pending. */
  hash: z.string().nullable(),
})

/** The format of what is written now. */
export const FORMAT = 2

export type AuditRecord = z.output<typeof auditRecord>
