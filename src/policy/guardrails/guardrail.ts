import * as z from 'zod'
import { pointerTo } from '../pointer.ts'
import type { Sample } from './samples.ts'

/** One value that a guardrail does not let stand. */
export interface Violation {
  /** RFC 6901 pointer into the body; `''` where it is not the body that is at fault. */
  readonly pointer: string
  readonly message: string
  /** The offending value. */
  readonly value: unknown
  /** What would have been allowed. */
  readonly allowed: unknown
  /** The shape that the body should have, where it can't be read: then no value is at fault, but the request. */
  readonly expected?: string
}

/** What a guardrail judges: the change that is asked for, and what is there now where it must compare. */
export interface Change {
  readonly operation: string
  readonly jurisdiction: string
  readonly bucket?: string | null
  readonly domain?: string | undefined
  readonly queueId?: string | undefined
  readonly body?: unknown
  /** What is there now, by the operation that reads it, such as `buckets.locks.get`. */
  readonly current?: Readonly<Record<string, unknown>> | undefined
  /** Unix time, ms. Passed in, so that the same change is always judged the same. */
  readonly now?: number | undefined
}

/** A kind of guardrail: the values it can speak of, the operations that set them, and all that is known of both. */
export interface Kind<Options = unknown> {
  readonly options: z.ZodType<Options>
  /** By option, the operations that could bring about what it forbids: all of them, or it forbids nothing. */
  readonly ways: { readonly [Name in keyof Required<Options>]: readonly string[] }
  /** What anybody may name who has the permission, as long as no guardrail says what may be named. */
  readonly open?: Open<Options>
  /** The operations whose answers must be known before a change can be judged. */
  needs?(options: Options, operation: string): readonly string[]
  /** What these operations answer where nothing is there. */
  readonly absent?: Readonly<Record<string, unknown>>
  /** Pure and total: a value that can't be read is a violation. */
  check(options: Options, change: Change): readonly Violation[]
  /** Whether the first options refuse all that the second refuse. */
  compare(strict: Options, loose: Options): boolean
  /**
   * Changes by this operation on both sides of what guardrails with these options allow; first one where nothing is
   * there yet. Some may be changes that the operation itself refuses.
   */
  samples(operation: string, all: readonly Options[]): readonly Sample[]
}

/** Zones, queues and sources are the account's or somebody else's, and not the bucket's: a bucket's name says nothing of them. */
export interface Open<Options = unknown> {
  /** What is named, in the plural. */
  readonly what: string
  /** The options that name it, for a message. */
  readonly options: string
  readonly operations: readonly string[]
  isNamed(options: Options): boolean
}

/** A kind as all that deal with any of them see it. */
export interface AnyKind extends Kind {
  readonly ways: Readonly<Record<string, readonly string[]>>
  /** The operations of all its options. */
  readonly operations: readonly string[]
}

/** Declares a kind. The schema gives the functions their types. */
export function kind<Options>(declared: Kind<Options>): AnyKind {
  const given = declared as Kind as Omit<AnyKind, 'operations'>
  return { ...given, operations: [...new Set(Object.values(given.ways).flat())] }
}

/** The operations that guardrails with these options judge. */
export function operationsJudged({ ways }: Pick<AnyKind, 'ways'>, options: unknown): readonly string[] {
  const given = Object.keys(Object(options))
  return [...new Set(given.flatMap((name) => ways[name] ?? []))]
}

/**
 * What Cloudflare's description makes optional: missing, null and empty all say that nothing is asked. The guardrail
 * then judges that nothing is.
 */
export function optional<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => (isEmpty(value) ? undefined : value), schema.optional()).optional()
}

/** The same for a list. */
export function optionalList<T extends z.ZodType>(item: T) {
  return optional(z.array(item)).transform((list) => list ?? [])
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === '') return true
  return typeof value === 'object' && Object.keys(value as object).length === 0
}

/** Reads a value, and judges what was read. What can't be read as its type is not let through. */
export function reading<T>(
  schema: z.ZodType<T>,
  value: unknown,
  expected: string,
  judge: (value: T) => readonly Violation[],
): readonly Violation[] {
  const parsed = schema.safeParse(value)
  if (parsed.success) return judge(parsed.data)
  const path = parsed.error.issues[0]?.path ?? []
  const found = at(value, path)
  const message = value === undefined ? 'there is no value to judge' : 'cannot be read as what it should be'
  return [
    { pointer: pointerTo(...path), message, value: isScalar(found) ? found : null, allowed: null, expected },
  ]
}

/** The same for what is there now: where that can't be read, nothing in the body is at fault. */
export function readingCurrent<T>(
  schema: z.ZodType<T>,
  { current }: Change,
  operation: string,
  judge: (value: T) => readonly Violation[],
): readonly Violation[] {
  const parsed = schema.safeParse(current?.[operation])
  if (parsed.success) return judge(parsed.data)
  return [{ pointer: '', message: 'what is there now cannot be read', value: null, allowed: null }]
}

/** Whether a value may be shown whole: an object could hold a credential. */
function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, part) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, part) : undefined),
    value,
  )
}
