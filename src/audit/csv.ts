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
  subject: ({ subject }) => subject,
  params: ({ params }) => JSON.stringify(params),
  policyVersion: ({ policyVersion }) => policyVersion,
}

const CSV_COLUMNS = Object.keys(COLUMNS)
const LINE_END = '\r\n'

/**
 * What a spreadsheet would take for a formula gets a `'` before it: signs in their wide forms too, which some
 * spreadsheets read as the plain ones.
 */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/
/** Beyond what RFC 4180 asks for, white space at an end is kept from those who would trim it. */
const QUOTED = /[",\r\n]|^\s|\s$/

/** Records as CSV (RFC 4180) with a header row. */
export function toCsv(records: readonly Rendered[]): string {
  const cells = Object.values(COLUMNS)
  const rows = [CSV_COLUMNS, ...records.map((record) => cells.map((cell) => cell(record)))]
  return rows.map((row) => `${row.map(write).join(',')}${LINE_END}`).join('')
}

function write(cell: Cell): string {
  if (typeof cell !== 'string') return cell === null ? '' : String(cell)
  const text = FORMULA.test(cell) ? `'${cell}` : cell
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
