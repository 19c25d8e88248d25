import type * as z from 'zod'
import type { Issue } from '../errors.ts'
import { pointerTo } from '../policy/pointer.ts'

/** What a schema found wrong, each with a JSON pointer (RFC 6901). Unknown keys are named one by one. */
export function issuesOf(place: Issue['in'], issues: readonly z.core.$ZodIssue[]): Issue[] {
  const told = issues.slice(0, MOST_ISSUES).flatMap((issue): Issue[] => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.slice(0, MOST_ISSUES).map((key) => ({
        in: place,
        pointer: pointerTo(...issue.path, key),
        message: 'is not known',
      }))
    return [{ in: place, pointer: pointerTo(...issue.path), message: issue.message }]
  })
  return told.slice(0, MOST_ISSUES)
}

/** A body of 1 MiB can hold half a million mistakes; an answer that named them all would be an attack by itself. */
const MOST_ISSUES = 100

/** Where a value has fields that its schema doesn't know, as JSON pointers. */
export function pointersOfUnknown(schema: z.ZodType, value: unknown): string[] {
  const issues = schema.safeParse(value).error?.issues ?? []
  return issuesOf(
    'body',
    issues.filter(({ code }) => code === 'unrecognized_keys'),
  ).map(({ pointer }) => pointer)
}
