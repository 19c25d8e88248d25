import { env } from 'cloudflare:workers'
import { expect } from 'vitest'
import * as z from 'zod'
import type { AuditRecord, Values } from '../../src/audit/record.ts'
import { auditEntry, auditRecordWhole } from '../../src/routes/warden/audit.ts'
import { insertRecord } from '../../src/store/audit.ts'
import { batch } from '../../src/store/d1.ts'
import { applyPolicy, call, createKey, everything, run } from '../harness.ts'
import { aboutOf, usual } from './usual.ts'

/** The tools of the tests that read the audit trail: made-up records, and pages of them as a caller reads them. */

export type Said = Partial<AuditRecord>

let count = 0

/** A record of team media; what isn't said is as it usually is. */
export function madeUp(said: Said = {}): AuditRecord {
  count += 1
  return {
    id: crypto.randomUUID(),
    lane: 'bucket:default/media-assets',
    sequence: count,
    at: 1_700_000_000_000 + count,
    ...usual,
    ...aboutOf(said),
    previousHash: '0'.repeat(64),
    hash: 'a'.repeat(64),
    ...said,
  }
}

/** Writes a record and gives it back. */
export async function put(said: Said = {}, values: Values = {}): Promise<AuditRecord> {
  const record = madeUp(said)
  await batch(env.DB, insertRecord(record, values))
  return record
}

/** Writes records one after the other and gives their ids, the first written first. */
export async function putAll(all: readonly Said[]): Promise<string[]> {
  const records = all.map(madeUp)
  await batch(
    env.DB,
    records.flatMap((record) => insertRecord(record, {})),
  )
  return records.map(({ id }) => id)
}

export const clear = () => run(['DELETE FROM audit', 'DELETE FROM audit_values'])

/** Teams of the tests: media and data with their own buckets, platform with everything. */
export const teams = {
  media: { grants: [{ role: 'admin', buckets: ['media-*'], jurisdictions: ['*'] }] },
  data: { grants: [{ role: 'editor', buckets: ['data-*'] }] },
  platform: { grants: [everything] },
}

/** A key of one of these teams. */
export async function keyOf(
  team: keyof typeof teams,
  scope: Parameters<typeof createKey>[1] = null,
): Promise<string> {
  await applyPolicy({ teams })
  return createKey(team, scope)
}

export type Query = Readonly<Record<string, string | number>>

const page = z.strictObject({ records: z.array(z.unknown()), nextCursor: z.string().nullable() })

export const pathOf = (query: Query) =>
  `/v1/audit?${new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))}`

/** A page as JSON; it must be what its schema says, and nothing more. */
export async function list(key: string, query: Query = {}) {
  const response = await call(pathOf(query), { key })
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
  const { records, nextCursor } = page.parse(await response.json())
  const shaped = z.array(auditEntry).parse(records)
  expect(shaped).toEqual(records)
  return { records: shaped, ids: shaped.map(({ id }) => id), nextCursor }
}

/** The ids of all pages, page by page. */
export async function pages(key: string, query: Query = {}): Promise<string[][]> {
  const found: string[][] = []
  let cursor: string | null = null
  do {
    const next = await list(key, { ...query, ...(cursor !== null && { cursor }) })
    found.push(next.ids)
    cursor = next.nextCursor
  } while (cursor !== null)
  return found
}

export const one = (key: string, id: string) => call(`/v1/audit/${id}`, { key })

/** One record as JSON, by its schema. */
export async function read(key: string, id: string) {
  const response = await one(key, id)
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
  const record = await response.json()
  const shaped = auditRecordWhole.parse(record)
  expect(shaped).toEqual(record)
  return shaped
}
