import { sha256 } from '../encoding/canonical-json.ts'
import { CHAIN_START, hashOf } from './chain.ts'
import { isConsistent } from './format-1.ts'
import { auditRecord, PARTS, type Values } from './record.ts'

/** A row of `audit` as it was read. What a fault says of it is known; nothing else of it is believed yet. */
export interface StoredRow {
  /** The order in which rows were written. */
  readonly number: number
  readonly id: string
  readonly sequence: number
  readonly at: number
  readonly [column: string]: unknown
}

export interface Link {
  readonly row: StoredRow
  readonly values: Values
}

/** The last record that retention removed from a lane. */
export interface Checkpoint {
  readonly sequence: number
  readonly hash: string
}

/** How far a chain has been followed. */
export interface ChainPosition {
  readonly sequence: number
  readonly number: number
  /** `null` when the record that stands there is pending. */
  readonly hash: string | null
  readonly row: StoredRow | null
}

/** The first link of a chain that doesn't hold. */
export interface Fault {
  readonly row: StoredRow
  /** In plain words, as the end of a sentence about the record. */
  readonly problem: string
}

export interface Scanned {
  readonly fault: Fault | null
  readonly end: ChainPosition
}

/** Where a lane's chain begins: at its first record, or behind what retention has removed. */
export function startOf(checkpoint: Checkpoint | null): ChainPosition {
  return { sequence: 0, hash: CHAIN_START, ...checkpoint, number: 0, row: null }
}

/** The first broken link among all rows of a lane, given in order; `null` when the chain is whole. */
export async function verifyLane(
  links: Iterable<Link>,
  checkpoint: Checkpoint | null,
): Promise<Fault | null> {
  return (await scan(links, startOf(checkpoint))).fault
}

/** Follows a chain over some of its links, from where it was left. */
export async function scan(links: Iterable<Link>, start: ChainPosition): Promise<Scanned> {
  let end = start
  for (const { row, values } of links) {
    if (end.hash === null && end.row !== null)
      return { end, fault: { row: end.row, problem: 'is still pending although another record follows it' } }
    const problem = problemOfPosition(row, end) ?? (await problemOfContent(row, values))
    if (problem !== null) return { end, fault: { row, problem } }
    end = { sequence: row.sequence, number: row.number, hash: textOrNull(row.hash), row }
  }
  return { end, fault: null }
}

const textOrNull = (value: unknown) => (typeof value === 'string' ? value : null)

function problemOfPosition(row: StoredRow, predecessor: ChainPosition): string | null {
  const next = predecessor.sequence + 1
  if (row.sequence > next) return `comes too early: ${missing(next, row.sequence - 1)} missing`
  if (row.sequence < next) return `is out of order: sequence ${next} comes next`
  if (row.number <= predecessor.number)
    return 'was moved: its number is not above that of the record before it'
  if (row.previousHash === predecessor.hash) return null
  return predecessor.sequence === 0
    ? 'names a record before it although it is the first of its lane'
    : `does not continue sequence ${predecessor.sequence}: its previous hash is another, so one of the two was replaced`
}

const missing = (first: number, last: number) =>
  first === last ? `sequence ${first} is` : `sequences ${first} to ${last} are`

async function problemOfContent(row: StoredRow, values: Values): Promise<string | null> {
  const { data: record, error } = auditRecord.safeParse(row)
  if (!record) return `was changed: no record has such a ${String(error.issues[0]?.path[0])}`
  if (record.outcome === 'pending') {
    if (record.hash !== null) return 'was changed: it is pending, but a pending record has no hash'
  } else {
    if (record.hash === null) return 'was changed: it is closed, but it has no hash'
    if (record.hash !== (await hashOf(record))) return 'was changed: what it says does not give its hash'
  }
  if (record.format === 1 && !isConsistent(record))
    return 'was changed: its subject, params or policy version are not what an old record has'
  for (const part of PARTS) {
    const digest = record[`${part}Digest`]
    const value = values[part]
    if (digest === null && value !== undefined) return `has the value "${part}", which it was written without`
    if (digest !== null && value === undefined) return `lacks its value "${part}"`
    if (value !== undefined && digest !== (await sha256(value)))
      return `has another value "${part}" than it was written with`
  }
  return null
}
