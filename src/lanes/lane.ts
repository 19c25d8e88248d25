import { DurableObject } from 'cloudflare:workers'
import type { Values } from '../audit/record.ts'
import type { Env } from '../env.ts'
import { ApiError } from '../errors.ts'
import { log } from '../log.ts'
import { settingsOf } from '../settings.ts'
import { makeChange } from './execute.ts'
import { Journal } from './journal.ts'
import type { JournalEntry } from './journal-entry.ts'
import { JournalState } from './journal-state.ts'
import { type ChangeRequest, failedWith, type LaneAnswer } from './protocol.ts'
import { Queue } from './queue.ts'
import { reconcile, reconcileByAlarm } from './reconcile.ts'

const PAUSE_MS = 5_000

/**
 * The one place where a bucket is changed: one change at a time, each on record before it is sent and after. There is
 * one lane a bucket, and one a team for denials, which it only writes down.
 */
export class Lane extends DurableObject<Env> {
  readonly #queue = new Queue()
  readonly #journal: Journal

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    const kept = new JournalState(state.storage, state.id.name)
    this.#journal = new Journal(env.DB, kept, state.storage, () => settingsOf(env).deadlineMs)
  }

  /** Makes a change, when its turn has come. */
  change(request: ChangeRequest): Promise<LaneAnswer> {
    return this.#inTurn(() => makeChange(request, this.#deps))
  }

  /** Records a denied change. The answer is empty, or says why it could not be recorded. */
  deny(entry: JournalEntry, values: Values, code: string): Promise<LaneAnswer> {
    return this.#inTurn(async () => {
      await reconcile(this.#deps)
      await this.#journal.deny(entry, values, code)
      return { answer: '', replayed: false }
    })
  }

  /** Closes what is pending in this lane, be it only in the store, if that can be done now. */
  async reconcile(lane: string): Promise<void> {
    await this.#queue.run(async () => {
      await this.#journal.recall(lane)
      await reconcile(this.#deps).catch(async (error: unknown) => {
        await this.#wake()
        throw error
      })
    })
  }

  /**
   * The name is that of the lane, if the runtime has kept it. A lane that has lost its memory needs it to find what
   * it had pending; without it, the hourly reminder does.
   */
  override async alarm(): Promise<void> {
    const { name } = this.ctx.id
    try {
      await this.#queue.run(async () => {
        if (name !== undefined) await this.#journal.recall(name)
        await reconcileByAlarm(this.#deps)
      })
    } catch (error) {
      log('warn', 'an alarm of a lane came to nothing', { lane: name, error: String(error) })
      await this.ctx.storage.setAlarm(Date.now() + PAUSE_MS)
    }
  }

  /** Nothing may be left pending without an alarm that comes for it. */
  async #wake(): Promise<void> {
    const { storage } = this.ctx
    if ((await storage.getAlarm()) === null) await storage.setAlarm(Date.now() + PAUSE_MS)
  }

  get #deps() {
    return { env: this.env, journal: this.#journal }
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
