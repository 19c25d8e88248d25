import { type ApiError, invalidRequest } from '../errors.ts'

/** What a request demands of the configuration that is there (RFC 9110, 13.1). `*` is any at all. */
export interface Preconditions {
  readonly ifMatch: Tags | null
  readonly ifNoneMatch: Tags | null
}

type Tags = '*' | readonly string[]

/** Longer lists than anybody needs would only be work. */
const MAX_LENGTH = 2048

/** What a request says of when it is to be done, as it came in headers. */
export interface Conditions {
  readonly ifMatch: string | null
  readonly ifNoneMatch: string | null
  readonly idempotencyKey: string | null
}

export const NO_CONDITIONS: Conditions = { ifMatch: null, ifNoneMatch: null, idempotencyKey: null }

/**
 * Reads the preconditions of a change; `null` when there are none. A weak tag says nothing of the exact value, so
 * before a change it is refused rather than never matching.
 */
export function readPreconditions({
  ifMatch,
  ifNoneMatch,
}: Pick<Conditions, 'ifMatch' | 'ifNoneMatch'>): Preconditions | null {
  if (ifMatch === null && ifNoneMatch === null) return null
  return {
    ifMatch: ifMatch === null ? null : strongTags('if-match', ifMatch),
    ifNoneMatch: ifNoneMatch === null ? null : strongTags('if-none-match', ifNoneMatch),
  }
}

/** Whether the reader of a configuration has it already: here weak tags compare too (RFC 9110, 13.1.2). */
export function isNotModified(ifNoneMatch: string | null, entityTag: string): boolean {
  if (ifNoneMatch === null) return false
  const tags = readTags('if-none-match', ifNoneMatch)
  return tags === '*' || tags.some(({ tag }) => tag === entityTag)
}

/** Whether a configuration, by its tag (`null` for none), is one that the request may change. */
export function holds({ ifMatch, ifNoneMatch }: Preconditions, entityTag: string | null): boolean {
  const isAmong = (tags: Tags) => entityTag !== null && (tags === '*' || tags.includes(entityTag))
  return (ifMatch === null || isAmong(ifMatch)) && (ifNoneMatch === null || !isAmong(ifNoneMatch))
}

function strongTags(name: string, text: string): Tags {
  const tags = readTags(name, text)
  if (tags === '*') return tags
  if (tags.some(({ isWeak }) => isWeak))
    throw malformed(name, 'a weak tag (W/) does not identify a value; send the ETag of the GET as it was')
  return tags.map(({ tag }) => tag)
}

/** One tag of a list with what parts it from the next. A comma may stand in a tag, and a list may have empty places. */
const TAG = /(W\/)?("[\x21\x23-\x7e]*")[\t ]*(?:,[\t ,]*|$)/y

function readTags(name: string, text: string): '*' | { readonly isWeak: boolean; readonly tag: string }[] {
  if (text.trim() === '*') return '*'
  const tags = []
  TAG.lastIndex = /^[\t ,]*/.exec(text)?.[0].length ?? 0
  while (text.length <= MAX_LENGTH && TAG.lastIndex < text.length) {
    const found = TAG.exec(text)
    if (!found) break
    tags.push({ isWeak: found[1] !== undefined, tag: found[2] ?? '' })
    if (TAG.lastIndex === text.length) return tags
  }
  throw malformed(name, 'expected "*" or entity tags in double quotes')
}

function malformed(name: string, message: string): ApiError {
  return invalidRequest([{ in: 'header', pointer: `/${name}`, message }])
}
