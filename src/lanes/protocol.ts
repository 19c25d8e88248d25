import * as z from 'zod'
import { bucketSubject } from '../audit/subject.ts'
import { type ApiError, ERRORS, type ErrorCode } from '../errors.ts'
import type { Principal } from '../identity/principal.ts'
import type { BucketRef, Jurisdiction } from '../policy/names.ts'
import type { PathParameter } from '../routes/fields.ts'
import type { IdempotencyClaim } from '../store/idempotency-keys.ts'
import type { UpstreamHeaders } from '../upstream/client.ts'
import type { Preconditions } from './preconditions.ts'

/** A change as it goes from the Worker to a lane: parsed, and allowed as far as that shows without a look. */
export interface ChangeRequest {
  /** The request's id; the record has it too. */
  readonly id: string
  readonly lane: string
  readonly operation: string
  readonly params: Readonly<Partial<Record<PathParameter, string>>>
  readonly jurisdiction: Jurisdiction
  readonly headers: UpstreamHeaders
  readonly body?: unknown
  readonly dialect: 'v1' | 'v4'
  /** Who asked. What binds them is looked up anew when it is the change's turn. */
  readonly principal: Pick<Principal, 'keyId' | 'keyName' | 'team'>
  readonly clientAddress: string | null
  readonly preconditions: Preconditions | null
  readonly claim: IdempotencyClaim | null
  readonly dryRun: boolean
  /** For an undoing: of which change, and what must be there for it. */
  readonly reverts: Reverts | null
}

export interface Reverts {
  readonly id: string
  /** Canonical JSON of the configuration that must still be there; `null` for whatever is. */
  readonly expected: string | null
}

/** Which lane a change goes through: that of its bucket, which a creation names too. */
export const laneOf = (bucket: BucketRef): string => bucketSubject(bucket)

/** Where a team's denials are recorded: apart, so that they keep nobody waiting. */
export const denialsOf = (team: string) => `denials:${team}`

const failure = z.object({
  code: z.string().refine((code): code is ErrorCode => Object.hasOwn(ERRORS, code)),
  message: z.string(),
  status: z.number(),
  members: z.record(z.string(), z.unknown()),
  headers: z.record(z.string(), z.string()),
  details: z.array(z.string()),
  passed: z
    .object({ status: z.number(), errors: z.array(z.unknown()), messages: z.array(z.unknown()) })
    .nullable(),
})

/** What a lane answers with, in neither dialect. It is kept under an idempotency key, as JSON. */
export const changeAnswer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('done'),
    result: z.unknown(),
    result_info: z.unknown().optional(),
    messages: z.array(z.unknown()),
    entityTag: z.string().nullable(),
    warnings: z.array(
      z.object({
        guardrail: z.string(),
        pointer: z.string(),
        message: z.string(),
        value: z.unknown(),
        allowed: z.unknown(),
      }),
    ),
  }),
  z.object({ kind: z.literal('failed'), error: failure }),
  z.object({ kind: z.literal('decision'), described: z.record(z.string(), z.unknown()) }),
])

export type ChangeAnswer = z.output<typeof changeAnswer>
export type Done = Extract<ChangeAnswer, { kind: 'done' }>

/** What crosses between lane and Worker: the answer as JSON, and whether it is that of an earlier attempt. */
export interface LaneAnswer {
  readonly answer: string
  readonly replayed: boolean
}

export const failedWith = (error: ApiError) => ({ kind: 'failed', error: error.toJSON() }) as const
