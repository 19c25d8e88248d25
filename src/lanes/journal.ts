import { CHAIN_START, hashOf } from '../audit/chain.ts'
import type { AuditRecord, Values } from '../audit/record.ts'
import { sha256 } from '../encoding/canonical-json.ts'
import { unavailable } from '../errors.ts'
import { log } from '../log.ts'
import { findCheckpoint, findEnding, findLast, insertRecord } from '../store/audit.ts'
import { batch } from '../store/d1.ts'
import { answerClaim } from '../store/idempotency-keys.ts'
import { isTooLarge } from '../store/row-limit.ts'
import type { Statement } from '../store/statement.ts'
import { askStore, isRefusedByStore } from './ask-store.ts'
import {
  type ChangeResult,
  closingStatements,
  type Ending,
  endingOf,
  keepable,
  withoutValues,
} from './ending.ts'
import type { JournalEntry } from './journal-entry.ts'
import type { JournalState, Pending } from './journal-state.ts'

/** How long after it was given up a change may still arrive. */
const GRACE_MS = 2_000

/**
 * The record of one lane's changes, in the store and in order. A change is begun before it is sent and closed
 * after; what is pending is in the lane's own memory too, so that it is closed however the lane itself ends.
 */
export class Journal {
  readonly #db: D1Database
  readonly #state: JournalState
  readonly #storage: DurableObjectStorage
  readonly #deadlineMs: () => number

  /** `deadlineMs` is how long a change may be on its way from when it is begun. */
  constructor(db: D1Database, state: JournalState, storage: DurableObjectStorage, deadlineMs: () => number) {
    this.#db = db
    this.#state = state
    this.#storage = storage
    this.#deadlineMs = deadlineMs
  }

  get pending(): Pending | null {
    return this.#state.current?.pending ?? null
  }

  /** Records the intent of a change. When this resolves, the store has it, and the change may be sent. */
  async begin(entry: JournalEntry, values: Values, others: readonly Statement[]) {
    const record = await this.#draft(entry, values, 'pending')
    const pending = this.#pendingOf(record, { isRecorded: false })
    const { sequence, previousHash: hash, lane } = record
    this.#state.set({ lane, sequence: sequence - 1, hash, pending })
    await this.#storage.setAlarm(pending.notBefore)
    try {
      await this.#write([...insertRecord(record, values), ...others])
    } catch (error) {
      if (isRefusedByStore(error)) await this.#forget()
      throw error
    }
    this.#state.setPending({ ...pending, isRecorded: true })
    return record
  }

  /** Closes what is pending. Should the store be away, the lane remembers how it ended and tries again. */
  async end(result: ChangeResult): Promise<void> {
    const { pending } = this
    if (!pending) throw new TypeError('nothing is pending')
    const ending = await endingOf(pending.record, result)
    this.#state.setPending({ ...pending, ending })
    await this.#writeEnding(ending)
  }

  /**
   * Writes an ending that the store was kept from having. One that it does not take as it is, because of its size
   * or, being there, for any other reason again and again, is written without its values.
   */
  async close(pending: Pending, ending: Ending, isLastResort: boolean): Promise<void> {
    try {
      await this.#writeEnding(ending)
    } catch (error) {
      if (!isTooLarge((error as Error).cause) && !isLastResort) throw error
      const bare = await withoutValues(ending)
      this.#state.setPending({ ...pending, ending: bare })
      await this.#writeEnding(bare)
    }
  }

  /** Records a denied change, whole and at once. */
  async deny(entry: JournalEntry, values: Values, code: string): Promise<void> {
    const draft = { ...(await this.#draft(entry, values, 'denied')), code, durationMs: 0 }
    const record = { ...draft, hash: await hashOf(draft) }
    try {
      await this.#write(insertRecord(record, values))
    } catch (error) {
      await this.#catchUp(record.lane).catch(() => undefined)
      throw error
    }
    await this.#advance(record)
  }

  /** What is pending, with what the caller was told before it was known how it ended. */
  async postpone(
    told: Pick<AuditRecord, 'code' | 'upstreamStatus' | 'cfRay'>,
    { mayStillArrive, answer }: { mayStillArrive: boolean; answer: string },
  ): Promise<void> {
    const { pending } = this
    if (!pending) throw new TypeError('nothing is pending')
    const now = Date.now()
    const notBefore = mayStillArrive ? Math.max(pending.notBefore, now + GRACE_MS) : now
    this.#state.setPending({ ...pending, record: { ...pending.record, ...told }, notBefore })
    await this.#storage.setAlarm(Math.max(notBefore, now + 100))
    const { id } = pending.record
    await this.#write([answerClaim(id, keepable(answer, id))]).catch(() => undefined)
  }

  /** Sets the alarm for the next attempt to close what is pending, after one that failed. */
  async tryAgain(pauseMs: number, { isCounted }: { isCounted: boolean }): Promise<void> {
    const { pending } = this
    if (!pending) throw new TypeError('nothing is pending')
    const [attempts, failures] = [pending.attempts + 1, pending.failures + Number(isCounted)]
    this.#state.setPending({ ...pending, attempts, failures })
    await this.#storage.setAlarm(Date.now() + pauseMs)
  }

  /** Sets the alarm for when what is pending can't be on its way any more. */
  wait({ notBefore }: Pending): Promise<void> {
    return this.#storage.setAlarm(notBefore)
  }

  /**
   * Whether the store has the intent of what is pending, and has it open. When it hasn't, nothing was sent, and what
   * is pending is forgotten; when it has closed it, the lane goes on from there.
   */
  async isOpen(pending: Pending): Promise<boolean> {
    const { record, ending } = pending
    const kept = await askStore(findEnding(this.#db, record.id))
    if (kept?.outcome === 'pending') return true
    if (kept) await this.#advance({ ...record, ...kept })
    else if (ending) await this.#advance(ending.record)
    else await this.#forget()
    return false
  }

  async #draft(entry: JournalEntry, values: Values, outcome: 'pending' | 'denied'): Promise<AuditRecord> {
    await this.open(entry.lane)
    if (this.pending) throw unavailable('An earlier change here is not settled yet. Try again.', 1)
    const { sequence, hash: previousHash } = this.#state.next(entry.lane)
    const digest = async (text: string | undefined) => (text === undefined ? null : await sha256(text))
    return {
      ...entry,
      sequence,
      at: Date.now(),
      bodyDigest: await digest(values.body),
      beforeDigest: await digest(values.before),
      afterDigest: null,
      outcome,
      reconciled: 0,
      code: null,
      upstreamStatus: null,
      cfRay: null,
      durationMs: null,
      previousHash,
      hash: null,
    }
  }

  /** Writes an ending. A record that was closed meanwhile stays as it is, and is found so the next time. */
  async #writeEnding(ending: Ending): Promise<void> {
    const [closed] = await this.#write(closingStatements(ending))
    if (closed?.meta.changes === 0) throw new Error('the record was closed already')
    await this.#advance(ending.record)
  }

  #pendingOf(record: AuditRecord, { isRecorded }: Pick<Pending, 'isRecorded'>): Pending {
    const notBefore = record.at + this.#deadlineMs() + GRACE_MS
    return { record, isRecorded, ending: null, notBefore, attempts: 0, failures: 0 }
  }

  async #advance(record: AuditRecord): Promise<void> {
    const { lane, sequence } = record
    // Whoever took its hash away did not keep the lane from going on: verification finds it.
    const hash = record.hash ?? record.previousHash
    this.#state.set({ lane, sequence, hash, pending: null })
    await this.#storage.deleteAlarm()
    const { id, team, keyId, operation, subject, jurisdiction, bucket } = record
    const { decision, outcome, code, reconciled } = record
    const about = { operation, subject, jurisdiction, bucket }
    const said = { requestId: id, team, keyId, ...about, decision, outcome, code }
    log('info', 'change', { ...said, reconciled: reconciled === 1, lane, sequence, hash })
  }

  /** Begins where the store's chain ends, if this lane remembers nothing: it is new, or has lost its memory. */
  async open(lane: string): Promise<void> {
    if (this.#state.current === null) await this.#catchUp(lane)
  }

  /** Takes up what the store has pending in this lane, should this memory not have it. */
  async recall(lane: string): Promise<void> {
    if (!this.pending) await this.#catchUp(lane)
  }

  async #forget(): Promise<void> {
    const { current } = this.#state
    if (current) this.#state.set({ ...current, pending: null })
    await this.#storage.deleteAlarm()
    if (current) await this.#catchUp(current.lane)
  }

  /** Takes up where the store's chain ends, should it have a record that this memory hasn't. */
  async #catchUp(lane: string): Promise<void> {
    const { sequence } = this.#state.next(lane)
    const last = await askStore(findLast(this.#db, lane))
    if (!last) {
      const removed = await askStore(findCheckpoint(this.#db, lane))
      const end = removed ?? { sequence: 0, hash: CHAIN_START }
      if (end.sequence >= sequence || this.#state.current === null)
        this.#state.set({ lane, ...end, pending: null })
      return
    }
    if (last.sequence < sequence) return
    if (last.hash !== null)
      return this.#state.set({ lane, sequence: last.sequence, hash: last.hash, pending: null })
    const pending = this.#pendingOf(last, { isRecorded: true })
    this.#state.set({ lane, sequence: last.sequence - 1, hash: last.previousHash, pending })
    await this.#storage.setAlarm(Date.now())
  }

  #write(statements: readonly Statement[]): Promise<D1Result[]> {
    return askStore(batch(this.#db, statements))
  }
}
