import * as z from 'zod'
import { CHAIN_START } from '../audit/chain.ts'
import { auditRecord } from '../audit/record.ts'
import { log } from '../log.ts'
import { type LaneRows, LaneStorage } from '../store/lane-storage.ts'
import type { Ending } from './ending.ts'

const pending = z.object({
  record: auditRecord,
  /** Whether the store is known to have the intent: until then, nothing was sent. */
  isRecorded: z.boolean(),
  /** As soon as it is known, and before the store has it. What is large of it has rows of its own. */
  ending: z.strictObject({ record: auditRecord }).nullable(),
  /** Unix time, ms: until then the change may still be on its way, and what isn't there yet may come. */
  notBefore: z.number(),
  /** How often the alarm has tried to close it. */
  attempts: z.number(),
  /** How often that failed although the store was there. */
  failures: z.number(),
})
/** The one change of a lane that is begun and not yet closed in the store. */
export type Pending = Omit<z.output<typeof pending>, 'ending'> & { readonly ending: Ending | null }

const state = z.object({
  lane: z.string(),
  /** Of the newest closed record. */
  sequence: z.number(),
  hash: z.string(),
  pending: pending.nullable(),
})
type State = Omit<z.output<typeof state>, 'pending'> & { readonly pending: Pending | null }

/** What a lane remembers, in its own storage: where its chain of records ends, and what is pending. */
export class JournalState {
  readonly #storage: LaneStorage
  #current: State | null

  constructor(storage: DurableObjectStorage, lane: string | undefined) {
    this.#storage = new LaneStorage(storage)
    this.#current = readState(this.#storage, lane)
  }

  /** `null` before the first change. */
  get current(): State | null {
    return this.#current
  }

  /** What comes in the chain of a lane after what is remembered. */
  next(lane: string): Pick<State, 'sequence' | 'hash'> {
    const { sequence, hash } = this.#current ?? { sequence: 0, hash: CHAIN_START }
    if (this.#current && this.#current.lane !== lane) throw new TypeError(`this lane is not ${lane}`)
    return { sequence: sequence + 1, hash }
  }

  set(next: State): void {
    const { pending } = next
    const { after, answer } = pending?.ending ?? {}
    const ending = pending?.ending ? { record: pending.ending.record } : null
    const state = { ...next, pending: pending && { ...pending, ending } }
    this.#storage.write({ state: JSON.stringify(state), after, answer })
    this.#current = next
  }

  setPending(next: Pending): void {
    if (!this.#current) throw new TypeError('nothing was begun')
    this.set({ ...this.#current, pending: next })
  }
}

/**
 * What can't be read, of an earlier version or damaged, is dropped, and the lane takes up what the store has. That
 * loses nothing: a change is only sent when the store is known to have its intent, so whatever may have reached
 * Cloudflare is pending there; and where the chain ends is told by its last record.
 */
function readState(storage: LaneStorage, lane: string | undefined): State | null {
  const rows = storage.read()
  if (rows === null) return null
  try {
    return parseState(rows)
  } catch (error) {
    log('error', 'what a lane remembers cannot be read', { lane, problem: (error as Error).name })
    storage.clear()
    return null
  }
}

function parseState({ state: text, after, answer }: LaneRows): State {
  const { pending, ...found } = state.parse(JSON.parse(text))
  if (!pending?.ending) return { ...found, pending: pending && { ...pending, ending: null } }
  const { record } = pending.ending
  if ((record.afterDigest === null) !== (after === undefined)) throw new TypeError('a part of it is missing')
  const parts = { ...(after !== undefined && { after }), ...(answer !== undefined && { answer }) }
  return { ...found, pending: { ...pending, ending: { record, ...parts } } }
}
