import { DurableObject } from 'cloudflare:workers'
import type { Values } from '../audit/record.ts'
import type { Env } from '../env.ts'
import { ApiError } from '../errors.ts'
import { log } from '../log.ts'
import { makeChange } from './execute.ts'
import { Book, type Entry } from './journal.ts'
import { Memory } from './journal-state.ts'
import { type ChangeOrder, failedWith, type LaneAnswer } from './protocol.ts'
import { Queue } from './queue.ts'
import { settle } from './reconcile.ts'

const PAUSE_MS = 5_000

/**
 * The one place where a bucket is changed: one change at a time, each on record before it is sent and after. There is
 * one lane a bucket, and one a team for denials, which it only writes down.
 */
export class Lane extends DurableObject<Env> {
  readonly #queue = new Queue()
  readonly #book: Book

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    this.#book = new Book(env.DB, new Memory(state.storage), state.storage)
  }

  /** Makes a change, when its turn has come. */
  change(order: ChangeOrder): Promise<LaneAnswer> {
    return this.#inTurn(() => makeChange(order, this.#means))
  }

  /** Records a denied change. The answer is empty, or says why it could not be recorded. */
  deny(entry: Entry, values: Values, code: string): Promise<LaneAnswer> {
    return this.#inTurn(async () => {
      await settle(this.#means)
      await this.#book.deny(entry, values, code)
      return { answer: '', replayed: false }
    })
  }

  /** Closes what is pending in this lane, be it only in the store, if that can be done now. */
  async settle(lane: string): Promise<void> {
    await this.#queue.run(async () => {
      await this.#book.recall(lane)
      await settle(this.#means)
    })
  }

  override async alarm(): Promise<void> {
    try {
      await this.#queue.run(() => settle(this.#means, 'alarm'))
    } catch (error) {
      log('warn', 'a change is not settled yet', { error: String(error) })
      if (this.#book.pending && (await this.ctx.storage.getAlarm()) === null)
        await this.ctx.storage.setAlarm(Math.max(Date.now() + PAUSE_MS, this.#book.pending.notBefore))
    }
  }

  get #means() {
    return { env: this.env, book: this.#book }
  }

  /** An error of the API's crosses to the Worker as data: as an exception it would lose what it says. */
  async #inTurn(work: () => Promise<LaneAnswer>): Promise<LaneAnswer> {
    try {
      return await this.#queue.run(work)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return { answer: JSON.stringify(failedWith(error)), replayed: false }
    }
  }
}
