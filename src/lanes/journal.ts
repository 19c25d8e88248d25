import { hashOf } from '../audit/chain.ts'
import type { AuditRecord, Values } from '../audit/record.ts'
import { bucketOf } from '../audit/subject.ts'
import { sha256 } from '../encoding/canonical-json.ts'
import { unavailable } from '../errors.ts'
import { log } from '../log.ts'
import { operationNamed } from '../routes/index.ts'
import { closeRecord, findCheckpoint, findEnding, findLast, insertRecord } from '../store/audit.ts'
import { freeSlot, keepSlot, releaseSlot } from '../store/bucket-slots.ts'
import { answerClaim, releaseClaim } from '../store/idempotency-keys.ts'
import { bytesOf, fitsRow, isTooLarge } from '../store/row-limit.ts'
import { askStore, isRefusedByStore } from './ask-store.ts'
import { answerTooLarge } from './idempotency-conflict.ts'
import type { Ending, Memory, Pending } from './journal-state.ts'
import { failedWith } from './protocol.ts'

/** What is written of a change when it begins. */
export type Entry = Pick<
  AuditRecord,
  | 'id'
  | 'format'
  | 'lane'
  | 'team'
  | 'keyId'
  | 'keyName'
  | 'dialect'
  | 'operation'
  | 'subject'
  | 'jurisdiction'
  | 'bucket'
  | 'params'
  | 'decision'
  | 'rule'
  | 'policyVersion'
  | 'warnings'
  | 'clientAddress'
  | 'reverts'
>

/** What is only known of a change when it has ended. */
export interface Result {
  readonly outcome: 'happened' | 'refused' | 'did_not_happen' | 'unknown'
  readonly reconciled: boolean
  readonly code: string | null
  readonly upstreamStatus: number | null
  readonly cfRay: string | null
  readonly after?: string
  readonly answer?: string
}

const NOTHING_CAME_OF_IT: ReadonlySet<string> = new Set(['did_not_happen', 'refused'])

/** How long after it was given up a change may still arrive. */
const GRACE_MS = 2_000

/**
 * The record of one lane's changes, in the store and in order. A change is begun before it is sent and closed
 * after; what is pending is in the lane's own memory too, so that it is closed however the lane itself ends.
 */
export class Book {
  readonly #db: D1Database
  readonly #memory: Memory
  readonly #storage: DurableObjectStorage
  readonly #deadlineMs: () => number

  /** `deadlineMs` is how long a change may be on its way from when it is begun. */
  constructor(db: D1Database, memory: Memory, storage: DurableObjectStorage, deadlineMs: () => number) {
    this.#db = db
    this.#memory = memory
    this.#storage = storage
    this.#deadlineMs = deadlineMs
  }

  get pending(): Pending | null {
    return this.#memory.state?.pending ?? null
  }

  /** Records the intent of a change. When this resolves, the store has it, and the change may be sent. */
  async begin(entry: Entry, values: Values, others: readonly D1PreparedStatement[]) {
    const record = await this.#draft(entry, values, 'pending')
    const pending = this.#pendingOf(record, { isRecorded: false })
    const { sequence, previousHash: hash, lane } = record
    this.#memory.set({ lane, sequence: sequence - 1, hash, pending })
    await this.#storage.setAlarm(pending.notBefore)
    try {
      await this.#write([...insertRecord(this.#db, record, values), ...others])
    } catch (error) {
      if (isRefusedByStore(error)) await this.#forget()
      throw error
    }
    this.#memory.setPending({ ...pending, isRecorded: true })
    return record
  }

  /** Closes what is pending. Should the store be away, the lane remembers how it ended and tries again. */
  async end({ after, answer, ...result }: Result): Promise<void> {
    const { pending } = this
    if (!pending) throw new TypeError('nothing is pending')
    const { record } = pending
    const closed = {
      ...record,
      ...result,
      reconciled: Number(result.reconciled),
      durationMs: Date.now() - record.at,
    }
    const kept = after !== undefined && this.#fits('after', after, record.id) ? after : undefined
    const ending = await endingOf(
      closed,
      kept,
      answer === undefined ? answer : this.#keepable(answer, record.id),
    )
    this.#memory.setPending({ ...pending, ending })
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
      const { record } = ending
      const bare = await endingOf(record, undefined, ending.answer && substituteOf(record.id))
      this.#memory.setPending({ ...pending, ending: bare })
      await this.#writeEnding(bare)
    }
  }

  /** Records a denied change, whole and at once. */
  async deny(entry: Entry, values: Values, code: string): Promise<void> {
    const draft = { ...(await this.#draft(entry, values, 'denied')), code, durationMs: 0 }
    const record = { ...draft, hash: await hashOf(draft) }
    try {
      await this.#write(insertRecord(this.#db, record, values))
    } catch (error) {
      await this.#catchUp(record.lane).catch(() => undefined)
      throw error
    }
    await this.#settled(record)
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
    this.#memory.setPending({ ...pending, record: { ...pending.record, ...told }, notBefore })
    await this.#storage.setAlarm(Math.max(notBefore, now + 100))
    const { id } = pending.record
    await this.#write([answerClaim(this.#db, id, this.#keepable(answer, id))]).catch(() => undefined)
  }

  /** Sets the alarm for the next attempt to close what is pending, after one that failed. */
  async tryAgain(pauseMs: number, { isCounted }: { isCounted: boolean }): Promise<void> {
    const { pending } = this
    if (!pending) throw new TypeError('nothing is pending')
    const [attempts, failures] = [pending.attempts + 1, pending.failures + Number(isCounted)]
    this.#memory.setPending({ ...pending, attempts, failures })
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
    if (kept) await this.#settled({ ...record, ...kept })
    else if (ending) await this.#settled(ending.record)
    else await this.#forget()
    return false
  }

  async #draft(entry: Entry, values: Values, outcome: 'pending' | 'denied'): Promise<AuditRecord> {
    if (this.#memory.state === null) await this.#catchUp(entry.lane)
    if (this.pending) throw unavailable('An earlier change here is not settled yet. Try again.', 1)
    const { sequence, hash: previousHash } = this.#memory.next(entry.lane)
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
  async #writeEnding({ record, after, answer }: Ending): Promise<void> {
    const [closed] = await this.#write([
      ...closeRecord(this.#db, record, after),
      ...slotStatements(this.#db, record),
      ...(answer === undefined ? [] : [answerClaim(this.#db, record.id, answer)]),
      ...(NOTHING_CAME_OF_IT.has(record.outcome) ? [releaseClaim(this.#db, record.id)] : []),
    ])
    if (closed?.meta.changes === 0) throw new Error('the record was closed already')
    await this.#settled(record)
  }

  /** An answer as it may be kept under an idempotency key. */
  #keepable(answer: string, id: string): string {
    return this.#fits('answer', answer, id) ? answer : substituteOf(id)
  }

  #fits(part: 'after' | 'answer', text: string, id: string): boolean {
    const fits = fitsRow(text)
    if (!fits) log('warn', 'a value is too large to be kept', { id, part, bytes: bytesOf(text) })
    return fits
  }

  #pendingOf(record: AuditRecord, { isRecorded }: Pick<Pending, 'isRecorded'>): Pending {
    const notBefore = record.at + this.#deadlineMs() + GRACE_MS
    return { record, isRecorded, ending: null, notBefore, attempts: 0, failures: 0 }
  }

  async #settled(record: AuditRecord): Promise<void> {
    const { lane, sequence } = record
    // Whoever took its hash away did not keep the lane from going on: verification finds it.
    const hash = record.hash ?? record.previousHash
    this.#memory.set({ lane, sequence, hash, pending: null })
    await this.#storage.deleteAlarm()
    const { id, team, keyId, operation, subject, jurisdiction, bucket } = record
    const { decision, outcome, code, reconciled } = record
    const about = { operation, subject, jurisdiction, bucket }
    const said = { requestId: id, team, keyId, ...about, decision, outcome, code }
    log('info', 'change', { ...said, reconciled: reconciled === 1, lane, sequence, hash })
  }

  /** Takes up what the store has pending in this lane, should this memory not have it. */
  async recall(lane: string): Promise<void> {
    if (!this.pending) await this.#catchUp(lane)
  }

  async #forget(): Promise<void> {
    const { state } = this.#memory
    if (state) this.#memory.set({ ...state, pending: null })
    await this.#storage.deleteAlarm()
    if (state) await this.#catchUp(state.lane)
  }

  /** Takes up where the store's chain ends, should it have a record that this memory hasn't. */
  async #catchUp(lane: string): Promise<void> {
    const { sequence } = this.#memory.next(lane)
    const last = await askStore(findLast(this.#db, lane))
    if (!last) {
      const removed = await askStore(findCheckpoint(this.#db, lane))
      if (removed && removed.sequence >= sequence) this.#memory.set({ lane, ...removed, pending: null })
      return
    }
    if (last.sequence < sequence) return
    if (last.hash !== null)
      return this.#memory.set({ lane, sequence: last.sequence, hash: last.hash, pending: null })
    const pending = this.#pendingOf(last, { isRecorded: true })
    this.#memory.set({ lane, sequence: last.sequence - 1, hash: last.previousHash, pending })
    await this.#storage.setAlarm(Date.now())
  }

  #write(statements: readonly D1PreparedStatement[]): Promise<D1Result[]> {
    return askStore(this.#db.batch([...statements]))
  }
}

async function endingOf(record: AuditRecord, after?: string, answer?: string): Promise<Ending> {
  const closed = { ...record, afterDigest: after === undefined ? null : await sha256(after) }
  return {
    record: { ...closed, hash: await hashOf(closed) },
    ...(after !== undefined && { after }),
    ...(answer !== undefined && { answer }),
  }
}

/** In place of an answer that has no room. */
const substituteOf = (id: string) => JSON.stringify(failedWith(answerTooLarge(id)))

function slotStatements(db: D1Database, record: AuditRecord): D1PreparedStatement[] {
  const { operation, outcome, id, team } = record
  const slot = operationNamed(operation)?.changes?.slot
  const bucket = bucketOf(record)
  if (bucket === null) return []
  if (slot === 'frees') return outcome === 'happened' ? [freeSlot(db, bucket)] : []
  if (slot !== 'takes') return []
  if (outcome === 'happened') return [keepSlot(db, team, bucket)]
  return outcome === 'unknown' ? [] : [releaseSlot(db, id)]
}
