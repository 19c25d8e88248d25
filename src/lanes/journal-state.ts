import * as z from 'zod'
import { CHAIN_START } from '../audit/chain.ts'
import { rememberedRecord } from '../audit/format-1.ts'

/** How a change ended, as soon as that is known and before the store has it. */
const ending = z.object({
  record: rememberedRecord,
  /** Canonical JSON of the configuration afterwards; absent when it could not be read. */
  after: z.string().optional(),
  /** JSON of the answer, for whoever asks again under the same idempotency key. */
  answer: z.string().optional(),
})
export type Ending = z.output<typeof ending>

const pending = z.object({
  record: rememberedRecord,
  /** Whether the store is known to have the intent: until then, nothing was sent. */
  isRecorded: z.boolean(),
  ending: ending.nullable(),
  /** Unix time, ms: until then the change may still be on its way, and what isn't there yet may come. */
  notBefore: z.number(),
  /** How often reading upstream has failed since. */
  attempts: z.number(),
})
/** The one change of a lane that is begun and not yet closed in the store. */
export type Pending = z.output<typeof pending>

const state = z.object({
  lane: z.string(),
  /** Of the newest closed record. */
  sequence: z.number(),
  hash: z.string(),
  pending: pending.nullable(),
})
type State = z.output<typeof state>

/** What a lane remembers, in its own storage: where its chain of records ends, and what is pending. */
export class Memory {
  readonly #sql: SqlStorage
  #state: State | null

  constructor({ sql }: DurableObjectStorage) {
    this.#sql = sql
    sql.exec('CREATE TABLE IF NOT EXISTS memory (id INTEGER PRIMARY KEY CHECK (id = 1), state TEXT NOT NULL)')
    const [row] = sql.exec<{ state: string }>('SELECT state FROM memory').toArray()
    this.#state = row ? state.parse(JSON.parse(row.state)) : null
  }

  /** `null` before the first change. */
  get state(): State | null {
    return this.#state
  }

  /** What comes in the chain of a lane after what is remembered. */
  next(lane: string): Pick<State, 'sequence' | 'hash'> {
    const { sequence, hash } = this.#state ?? { sequence: 0, hash: CHAIN_START }
    if (this.#state && this.#state.lane !== lane) throw new TypeError(`this lane is not ${lane}`)
    return { sequence: sequence + 1, hash }
  }

  set(next: State): void {
    this.#sql.exec('INSERT OR REPLACE INTO memory (id, state) VALUES (1, ?)', JSON.stringify(next))
    this.#state = next
  }

  setPending(next: Pending): void {
    if (!this.#state) throw new TypeError('nothing was begun')
    this.set({ ...this.#state, pending: next })
  }
}
