import * as z from 'zod'
import { PARTS, type Part } from '../audit/record.ts'
import type { Checkpoint, Link } from '../audit/verify.ts'
import { RECORD_COLUMNS } from './audit.ts'
import type { Condition } from './condition.ts'
import { type Query, query, statement } from './statement.ts'

/** Which records a page has, in which order. A page ends after so many records, or with the one that fills it. */
export interface Page {
  /** Over the columns of `audit`. */
  readonly where: Condition
  readonly order: readonly ('lane' | 'sequence' | 'number')[]
  readonly records: number
  readonly bytes: number
}

/**
 * A page of records with their values and the checkpoints of their lanes. One statement reads it all, so that
 * a record which is closed or removed meanwhile is seen with its values and its checkpoint, or not at all.
 */
export function page({ where, order, records, bytes }: Page): Query<Links> {
  const sql = `
  WITH found AS (
    SELECT number, ${RECORD_COLUMNS} FROM audit WHERE ${where.sql} ORDER BY ${order.join(', ')} LIMIT ?
  ), sized AS (
    SELECT number, lane, sequence, octet_length(warnings) + coalesce(
      (SELECT sum(octet_length(v.value)) FROM audit_values v WHERE v.id = found.id), 0) AS size
    FROM found
  ), filled AS (
    SELECT number, sum(size) OVER (ORDER BY ${order.join(', ')} ROWS UNBOUNDED PRECEDING) - size AS before FROM sized
  )
  SELECT found.*, v.part, v.value, c.sequence AS checkpointSequence, c.hash AS checkpointHash,
         (SELECT count(*) FROM found) AS candidates
  FROM filled JOIN found ON found.number = filled.number
  LEFT JOIN audit_values v ON v.id = found.id
  LEFT JOIN audit_checkpoints c ON c.lane = found.lane
  WHERE filled.before < ?
  ORDER BY ${order.map((column) => `found.${column}`).join(', ')}`
  return query(statement(sql, ...where.values, records, bytes), (rows) => readPage(rows, records))
}

const pageRow = z.looseObject({
  number: z.number(),
  id: z.string(),
  lane: z.string(),
  sequence: z.number(),
  at: z.number(),
  hash: z.string().nullable(),
  part: z.enum(PARTS).nullable(),
  value: z.string().nullable(),
  checkpointSequence: z.number().nullable(),
  checkpointHash: z.string().nullable(),
  candidates: z.number(),
})

export type PageRow = z.output<typeof pageRow>

/** A link, and where the chain of its lane begins. */
export interface PageLink extends Link {
  readonly row: PageRow
  readonly checkpoint: Checkpoint | null
}

/** The links of a page, and whether the records that it was asked for end with it. */
export interface Links {
  readonly links: readonly PageLink[]
  readonly isLast: boolean
}

function readPage(rows: readonly unknown[], records: number): Links {
  const byNumber = Map.groupBy(z.array(pageRow).parse(rows), ({ number }) => number)
  const links = [...byNumber.values()].flatMap((group) => {
    const [row] = group
    return row ? [{ row, values: valuesOf(group), checkpoint: checkpointOf(row) }] : []
  })
  const candidates = links[0]?.row.candidates ?? 0
  return { links, isLast: candidates < records && links.length === candidates }
}

function valuesOf(group: readonly PageRow[]): Partial<Record<Part, string>> {
  return Object.fromEntries(
    group.flatMap(({ part, value }) => (part === null || value === null ? [] : [[part, value]])),
  )
}

function checkpointOf({ checkpointSequence, checkpointHash }: PageRow): Checkpoint | null {
  return checkpointSequence === null || checkpointHash === null
    ? null
    : { sequence: checkpointSequence, hash: checkpointHash }
}
