import { count } from '../../../src/analysis/words.ts'
import { type ChainPosition, type Fault, scan, startOf } from '../../../src/audit/verify.ts'
import type { Links, PageLink } from '../../../src/store/audit-pages.ts'
import {
  type Followed,
  restOfTrail,
  type Stray,
  strayValues,
  trailOverview,
} from '../../../src/store/audit-trail.ts'
import type { Query } from '../../../src/store/statement.ts'
import type { Progress } from '../progress.ts'

/** Each page is a start of wrangler, so it is as long as one answer of D1 may well be. */
const PAGE = { records: 1000, bytes: 4 << 20 }
const MAX_STRAYS = 100

export interface BrokenLane extends Fault {
  readonly lane: string
}

export interface Report {
  readonly isWhole: boolean
  /** Those too of which retention has removed every record. */
  readonly lanes: number
  /** Of a broken lane, those that were read. */
  readonly records: number
  readonly pending: number
  readonly broken: readonly BrokenLane[]
  readonly strays: readonly Stray[]
}

type Ask = <T>(asked: Query<T>) => Promise<T>

/** Reads the whole trail, page by page, and follows each lane to its end or to its first broken link. */
export async function verifyTrail(ask: Ask, progress: Pick<Progress, 'say'>): Promise<Report> {
  progress.say('Reading the audit trail …')
  const { total, newest, emptied } = await ask(trailOverview)
  const trail = new Trail()
  while (!trail.isDone) {
    await trail.follow(await ask(restOfTrail(trail.followed, newest, PAGE)))
    progress.say(`${trail.records} of ${count(total, 'record')} followed`)
  }
  const strays = await ask(strayValues(MAX_STRAYS))
  const { lanes, records, pending, broken } = trail
  const isWhole = broken.length === 0 && strays.length === 0
  return { isWhole, lanes: lanes + emptied, records, pending, broken, strays }
}

/** What has been followed so far. */
class Trail {
  lanes = 0
  records = 0
  pending = 0
  isDone = false
  readonly broken: BrokenLane[] = []
  /** The lane that was followed last, and how far; `null` when its chain is broken, and the rest of no interest. */
  #last: { readonly lane: string; readonly end: ChainPosition | null } | null = null

  get followed(): Followed | null {
    return this.#last && { lane: this.#last.lane, sequence: this.#last.end?.sequence ?? null }
  }

  async follow({ links, isLast }: Links): Promise<void> {
    for (const [lane, own] of Map.groupBy(links, ({ row }) => row.lane)) await this.#followLane(lane, own)
    this.isDone = isLast || links.length === 0
  }

  async #followLane(lane: string, links: readonly PageLink[]): Promise<void> {
    const { fault, end } = await scan(links, this.#startOf(lane, links))
    if (lane !== this.#last?.lane) this.lanes += 1
    this.records += links.length
    this.pending += links.filter(({ row }) => row.outcome === 'pending').length
    if (fault) this.broken.push({ lane, ...fault })
    this.#last = { lane, end: fault ? null : end }
  }

  /** Retention may move the beginning of a chain past what was followed, between one page and the next. */
  #startOf(lane: string, [first]: readonly PageLink[]): ChainPosition {
    const start = startOf(first?.checkpoint ?? null)
    const end = this.#last?.lane === lane ? this.#last.end : null
    return end && end.sequence > start.sequence ? end : start
  }
}
