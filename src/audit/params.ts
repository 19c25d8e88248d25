import * as z from 'zod'
import { jsonOrText } from './json-or-text.ts'
import type { AuditRecord } from './record.ts'

const params = z.record(z.string(), z.string())

/** What a record says its operation was asked with, by name. Nothing, where somebody has made it unreadable. */
export function paramsOf(record: Pick<AuditRecord, 'params'>): Readonly<Record<string, string>> {
  return params.safeParse(jsonOrText(record.params)).data ?? {}
}
