import type { Outcome } from '../src/audit/record.ts'

/** A change that reached upstream, as the emulator's log has it. */
export interface SentChange {
  readonly id: number
  readonly at: number
  readonly identity: string
  /** `null` when nobody waited for the answer. */
  readonly status: number | null
  readonly carriedOut: boolean
}

/** A change on record. */
export interface Recorded {
  readonly id: string
  readonly at: number
  readonly identity: string
  readonly outcome: Outcome
}

/** What a client was told of its change; nothing, where the connection broke or it hung up. */
export interface AnswerSeen {
  readonly identity: string
  readonly retries: boolean
  readonly status: number | null
  readonly requestId: string | null
}

export interface Discrepancy {
  readonly kind:
    | 'no record'
    | 'no such change'
    | 'wrong outcome'
    | 'pending'
    | 'sent twice'
    | 'carried out twice'
    | 'told otherwise'
    | 'broken chain'
    | 'altered value'
    | 'wrong slot'
  readonly what: string
}

export interface Compared {
  readonly sent: readonly SentChange[]
  /** In the order in which they were written. */
  readonly recorded: readonly Recorded[]
  readonly told: readonly AnswerSeen[]
}

/** What may be on record of a change, by what became of it upstream. `unknown` is never untrue. */
const TRUE_OUTCOMES = {
  carriedOut: ['happened', 'unknown'],
  notCarriedOut: ['refused', 'did_not_happen', 'unknown'],
  notSent: ['did_not_happen', 'denied', 'unknown'],
} as const satisfies Record<string, readonly Outcome[]>

/** Everything in which the emulator's log, the audit trail and what clients were told don't agree. */
export function compare({ sent, recorded, told }: Compared): Discrepancy[] {
  const records = Map.groupBy(recorded, ({ identity }) => identity)
  const arrivals = Map.groupBy(sent, ({ identity }) => identity)
  const identities = new Set([...records.keys(), ...arrivals.keys()])
  return [
    ...[...identities].flatMap((identity) =>
      compareOne(arrivals.get(identity) ?? [], records.get(identity) ?? []),
    ),
    ...told.flatMap((one) => compareTold(one, records.get(one.identity) ?? [])),
  ]
}

/** One change, with all attempts at it. */
function compareOne(sent: readonly SentChange[], records: readonly Recorded[]): Discrepancy[] {
  const found: Discrepancy[] = []
  const arrivals = new Map<Recorded, SentChange[]>(records.map((record) => [record, []]))
  for (const one of sent) {
    // Each attempt has a record of its own, written before it is sent.
    const record = records.findLast(({ at }) => at <= one.at)
    if (record) arrivals.get(record)?.push(one)
    else found.push({ kind: 'no record', what: describe(one) })
  }
  for (const [record, arrived] of arrivals) found.push(...judge(record, arrived))
  const carriedOut = sent.filter((one) => one.carriedOut)
  if (carriedOut.length > 1)
    found.push({ kind: 'carried out twice', what: carriedOut.map(describe).join(' and ') })
  return found
}

function judge(record: Recorded, [arrived, ...more]: readonly SentChange[]): Discrepancy[] {
  const what = `${describeRecord(record)}; ${arrived ? describe(arrived) : 'nothing was sent'}`
  if (arrived && more.length > 0)
    return [{ kind: 'sent twice', what: `${what}, ${more.map(describe).join(', ')}` }]
  if (record.outcome === 'pending') return [{ kind: 'pending', what }]
  const truth = arrived ? (arrived.carriedOut ? 'carriedOut' : 'notCarriedOut') : 'notSent'
  const isTrue = TRUE_OUTCOMES[truth].some((outcome) => outcome === record.outcome)
  if (isTrue) return []
  return [{ kind: arrived ? 'wrong outcome' : 'no such change', what }]
}

/** Who is told of success may rely on it. */
function compareTold({ identity, status, requestId, retries }: AnswerSeen, records: readonly Recorded[]) {
  if (status === null || status >= 300) return []
  // An answer that is given once more may carry the id of either request.
  const happened = records.filter(({ outcome }) => outcome === 'happened')
  if (happened.some(({ id }) => retries || id === requestId)) return []
  const what = `${identity}: ${status} was answered (request ${requestId}); ${
    records.map(describeRecord).join(', ') || 'no record'
  }`
  return [{ kind: 'told otherwise' as const, what }]
}

function describe({ id, identity, status, carriedOut, at }: SentChange): string {
  const fate = carriedOut ? 'carried out' : 'not carried out'
  return `${identity}: request ${id} at ${time(at)}, status ${status}, ${fate}`
}

function describeRecord({ id, identity, outcome, at }: Recorded): string {
  return `${identity}: record ${id} of ${time(at)}, ${outcome}`
}

const time = (at: number) => new Date(at).toISOString().slice(11, -1)
