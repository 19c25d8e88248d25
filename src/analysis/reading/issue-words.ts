import type * as z from 'zod'
import { brief, didYouMean } from '../words.ts'
import type { Path } from './source.ts'

export type Issue = z.core.$ZodIssue

export interface Message {
  readonly path: Path
  readonly message: string
  /** What is known there instead, for a key that isn't. */
  readonly known: string | null
  readonly value: unknown
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['object', 'a map'],
  ['record', 'a map'],
  ['array', 'a list'],
  ['string', 'a text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
])

/** What a schema found wrong, in words: what was expected, and what was found. */
export function messageOf(issue: Issue, document: unknown, jsonSchema: unknown): Message[] {
  const value = at(document, issue.path)
  const one = (message: string): Message[] => [{ path: issue.path, message, known: null, value }]
  const expected = (what: string) => one(`expected ${what}, found ${found(value)}`)
  switch (issue.code) {
    case 'unrecognized_keys': {
      const keys = keysAt(jsonSchema, issue.path)
      return issue.keys.map((key) => ({
        path: [...issue.path, key],
        message: `is not known${didYouMean(key, keys)}`,
        known: keys.length === 0 ? null : `known here: ${keys.join(', ')}`,
        value: at(value, [key]),
      }))
    }
    case 'invalid_type':
      return expected(TYPES.get(issue.expected) ?? issue.expected)
    case 'invalid_value': {
      const values = issue.values.map((one) => JSON.stringify(one)).join(', ')
      const what = issue.values.length === 1 ? values : `one of ${values}`
      const close = typeof value === 'string' ? didYouMean(value, issue.values.map(String)) : ''
      return one(`expected ${what}, found ${found(value)}${close}`)
    }
    case 'invalid_key':
      return one(
        `expected ${issue.issues[0]?.message ?? 'a name'}, found ${brief(String(issue.path.at(-1)))}`,
      )
    case 'too_small':
    case 'too_big':
      return expected(sizeWords(issue))
    case 'invalid_format':
      return expected(issue.message)
    default:
      // A refinement that says what it wants of a single value doesn't repeat the value; the others name what they mean.
      return isScalar(value) && !issue.message.includes(JSON.stringify(value))
        ? expected(issue.message)
        : one(issue.message)
  }
}

function sizeWords(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const limit =
    issue.code === 'too_small' ? `at least ${String(issue.minimum)}` : `at most ${String(issue.maximum)}`
  if (issue.origin === 'string') return `${limit} characters`
  return issue.origin === 'array' ? `a list of ${limit}` : limit
}

function found(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  return typeof value === 'object' ? 'a map' : brief(value)
}

const isScalar = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value)

export function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, part)
        ? Reflect.get(inner, part)
        : undefined,
    value,
  )
}

/** The keys that a JSON Schema knows at a place. */
function keysAt(jsonSchema: unknown, path: Path): string[] {
  const node = path.reduce<unknown>(
    (schema, part) =>
      at(schema, ['properties', part]) ??
      at(schema, [typeof part === 'number' ? 'items' : 'additionalProperties']),
    jsonSchema,
  )
  return Object.keys(at(node, ['properties']) ?? {})
}
