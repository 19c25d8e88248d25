import type { Rendered } from './render.ts'

type Cell = string | number | boolean | null

/** The columns of a record, in order. What is absent is an empty cell. */
const COLUMNS: Readonly<Record<string, (record: Rendered) => Cell>> = {
  id: ({ id }) => id,
  at: ({ at }) => at,
  team: ({ team }) => team,
  keyId: ({ principal }) => principal.keyId,
  keyName: ({ principal }) => principal.keyName,
  dialect: ({ dialect }) => dialect,
  operation: ({ operation }) => operation,
  jurisdiction: ({ jurisdiction }) => jurisdiction,
  bucket: ({ bucket }) => bucket,
  domain: ({ domain }) => domain,
  queueId: ({ queueId }) => queueId,
  decision: ({ decision }) => decision,
  rule: ({ rule }) => rule,
  code: ({ code }) => code,
  warnings: ({ warnings }) => JSON.stringify(warnings),
  outcome: ({ outcome }) => outcome,
  reconciled: ({ reconciled }) => reconciled,
  upstreamStatus: ({ upstream }) => upstream?.status ?? null,
  cfRay: ({ upstream }) => upstream?.cfRay ?? null,
  durationMs: ({ durationMs }) => durationMs,
  clientAddress: ({ clientAddress }) => clientAddress,
  reverts: ({ reverts }) => reverts,
  lane: ({ chain }) => chain.lane,
  sequence: ({ chain }) => chain.sequence,
  previousHash: ({ chain }) => chain.previousHash,
  hash: ({ chain }) => chain.hash,
}

const CSV_COLUMNS = Object.keys(COLUMNS)
const LINE_END = '\r\n'

/**
 * What a spreadsheet would take for a formula gets a `'` before it. The library's own expression looks at texts of
 * one line only, and not at the wide forms of these signs, which some spreadsheets read as the plain ones.
 */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/

/** Records as CSV (RFC 4180) with a header row. The library is loaded when it is first needed. */
export async function toCsv(records: readonly Rendered[]): Promise<string> {
  const { default: papaparse } = await import('papaparse')
  const cells = Object.values(COLUMNS)
  const rows = [CSV_COLUMNS, ...records.map((record) => cells.map((cell) => cell(record)))]
  return `${papaparse.unparse(rows, { newline: LINE_END, escapeFormulae: FORMULA })}${LINE_END}`
}
