import * as z from 'zod'
import { bucketName, jurisdiction } from '../../routes/fields.ts'

/** Where a page of buckets ended. It holds nothing that its reader didn't get, and grants nothing. */
const cursor = z.strictObject({
  jurisdiction,
  direction: z.enum(['asc', 'desc']),
  after: bucketName,
})

export type Cursor = z.output<typeof cursor>

export function encodeCursor({ jurisdiction, direction, after }: Cursor): string {
  return toBase64Url(JSON.stringify({ jurisdiction, direction, after }))
}

/** Reads a cursor; `null` for any text that `encodeCursor` would not have written. */
export function decodeCursor(text: string): Cursor | null {
  try {
    const parsed = cursor.safeParse(JSON.parse(atob(text.replaceAll('-', '+').replaceAll('_', '/')))).data
    return parsed && encodeCursor(parsed) === text ? parsed : null
  } catch {
    return null
  }
}

function toBase64Url(text: string): string {
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
