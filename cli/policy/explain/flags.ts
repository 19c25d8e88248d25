import { existsSync } from 'node:fs'
import * as z from 'zod'
import { lineOf } from '../../../src/analysis/reading/checked.ts'
import { readSource } from '../../../src/analysis/reading/source.ts'
import { unknownNames } from '../../../src/analysis/scope.ts'
import { simulate } from '../../../src/analysis/simulate.ts'
import { didYouMean } from '../../../src/analysis/words.ts'
import type { Facts } from '../../../src/policy/decide.ts'
import { type KeyScope, keyScope, type PolicyDocument } from '../../../src/policy/document.ts'
import { JURISDICTIONS } from '../../../src/policy/names.ts'
import { jurisdiction } from '../../../src/routes/fields.ts'
import { permissionNames } from '../../../src/routes/index.ts'
import { Failure } from '../../report.ts'
import { readText } from '../files.ts'

/** What the flags of `policy explain` say. */
export interface Flags {
  readonly team: string
  readonly operation: string
  readonly jurisdiction: string
  readonly bucket?: string
  readonly domain?: string
  readonly queue?: string
  readonly body?: string
  readonly current?: string
  readonly role?: string
  readonly permissions?: string[]
  readonly buckets?: string[]
  readonly jurisdictions?: string[]
}

/** Which flag stands for a part of a request. */
const FLAGS: ReadonlyMap<string, string> = new Map([
  ['/bucket', '--bucket'],
  ['/jurisdiction', '--jurisdiction'],
  ['/domain', '--domain'],
  ['/queueId', '--queue'],
])
const flagOf = (pointer: string) =>
  FLAGS.get(pointer) ?? (pointer.startsWith('/body') ? `--body ${pointer.slice(5)}`.trim() : pointer)

/** The request that the flags describe. Whatever they name must exist. */
export function factsFromFlags(flags: Flags): Facts {
  demand('operation', '--operation', flags.operation, permissionNames)
  demand('jurisdiction', '--jurisdiction', flags.jurisdiction, JURISDICTIONS)
  const { operation, bucket, domain, queue, body } = flags
  const made = simulate({
    operation,
    jurisdiction: jurisdiction.parse(flags.jurisdiction),
    ...(bucket !== undefined && { bucket }),
    ...(domain !== undefined && { domain }),
    ...(queue !== undefined && { queueId: queue }),
    ...(body !== undefined && { body: readValue('--body', body) }),
    now: Date.now(),
  })
  if (made.facts) return made.facts
  throw new Failure(made.faults.map(({ pointer, message }) => `${flagOf(pointer)}: ${message}`).join('\n'))
}

/** The scope of a key that the flags describe; `null` when they name none. */
export function scopeFromFlags(
  document: PolicyDocument,
  { role, permissions, buckets, jurisdictions }: Flags,
): KeyScope | null {
  const named = Object.entries({ role, permissions, buckets, jurisdictions }).filter(
    ([, value]) => value !== undefined,
  )
  if (named.length === 0) return null
  for (const { path, what, name, known } of unknownNames(document, { role, permissions }))
    demand(what, `--${String(path[0])}`, name, known)
  const scope = keyScope.safeParse(Object.fromEntries(named))
  if (scope.success) return scope.data
  throw new Failure(`The scope of the key is not valid:\n${z.prettifyError(scope.error)}`)
}

/** A value that a flag gives: JSON as it stands, or a file of JSON or YAML. */
export function readValue(flag: string, text: string): unknown {
  const isInline = /^\s*[[{]/.test(text)
  if (!isInline && !existsSync(text))
    throw new Failure(`${flag}: ${JSON.stringify(text)} is neither a file nor JSON, such as {"enabled":true}`)
  const read = readSource(isInline ? flag : text, isInline ? text : readText(text))
  if (read.source) return read.source.value
  throw new Failure(read.problems.map(lineOf).join('\n'))
}

export function demand(what: string, flag: string, given: string, known: readonly string[]): void {
  if (known.includes(given)) return
  const close = didYouMean(given, known)
  const all = close === '' ? ` Known: ${known.join(', ')}.` : ''
  throw new Failure(`${flag}: no ${what} is called ${JSON.stringify(given)}${close || '.'}${all}`)
}
