import { jsonOrText } from '../audit/json-or-text.ts'
import { auditRecord, PARTS } from '../audit/record.ts'
import { sha256 } from '../encoding/canonical-json.ts'
import type { PageLink } from '../store/audit-pages.ts'

const columns = ['number', ...Object.keys(auditRecord.shape)]

/** A record as a line of its own: every column, and its values as JSON, `null` where it has none. */
export function lineOf({ row, values }: PageLink): string {
  const said = Object.fromEntries(columns.map((column) => [column, row[column]]))
  const parts = Object.fromEntries(PARTS.map((part) => [part, readValue(values[part])]))
  return `${JSON.stringify({ ...said, ...parts })}\n`
}

const readValue = (text: string | undefined) => (text === undefined ? null : jsonOrText(text))

/**
 * Writes records to a bucket, one object, and gives its key. R2 compares what arrived with the digest. The digest
 * is part of the key too: the same records are the same object again, and others never take its place, not even
 * those of a new database that counts from 1.
 */
export async function exportRecords(bucket: R2Bucket, links: readonly PageLink[]): Promise<string> {
  const content = links.map(lineOf).join('')
  const digest = await sha256(content)
  const key = keyOf(links, digest.slice(0, 16))
  await bucket.put(key, content, { sha256: digest, httpMetadata: { contentType: 'application/x-ndjson' } })
  return key
}

/** By the day of the oldest record, and in the order of their numbers. */
function keyOf(links: readonly PageLink[], digest: string): string {
  const [first, last] = [links[0]?.row, links.at(-1)?.row]
  const day = new Date(Math.max(0, first?.at ?? 0)).toISOString().slice(0, 10).replaceAll('-', '/')
  const [from, to] = [first, last].map((row) => String(row?.number ?? 0).padStart(12, '0'))
  return `audit/${day}/${from}-${to}-${digest}.ndjson`
}
