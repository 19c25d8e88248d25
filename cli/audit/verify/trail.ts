import * as z from 'zod'
import { count } from '../../../src/analysis/words.ts'
import { type Fault, type Place, startOf, walk } from '../../../src/audit/verify.ts'
import { type Page, type PageLink, pageQuery, readPage } from '../../../src/store/audit-pages.ts'
import { sqlText } from '../../statements.ts'
import type { Progress } from '../progress.ts'

/** Each page is a start of wrangler, so it is as long as one answer of D1 may well be. */
const PAGE = { records: 1000, bytes: 4 << 20 }
const MAX_STRAYS = 100

export interface BrokenLane extends Fault {
  readonly lane: string
}

/** Values whose record is not there. */
export interface Stray {
  readonly id: string
  readonly parts: readonly string[]
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

type Ask = (statement: string) => Promise<unknown[]>

/** Reads the whole trail, page by page, and follows each lane to its end or to its first broken link. */
export async function verifyTrail(ask: Ask, progress: Pick<Progress, 'say'>): Promise<Report> {
  progress.say('Reading the audit trail …')
  const { total, newest, emptied } = await readOverview(ask)
  const trail = new Trail()
  while (!trail.isDone) {
    const page: Page = { where: trail.rest(newest), order: ['lane', 'sequence'], ...PAGE }
    await trail.follow(readPage(await ask(pageQuery(page)), page))
    progress.say(`${trail.records} of ${count(total, 'record')} followed`)
  }
  const strays = await readStrays(ask)
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
  #last: { readonly lane: string; readonly end: Place | null } | null = null

  /** What comes next, in SQL. What is written from now on is not waited for. */
  rest(newest: number): string {
    const bound = `+number <= ${newest}` // the + keeps SQLite to the index that gives the order
    if (this.#last === null) return bound
    const lane = sqlText(this.#last.lane)
    const { end } = this.#last
    return `${bound} AND ${end ? `(lane, sequence) > (${lane}, ${end.sequence})` : `lane > ${lane}`}`
  }

  async follow({ links, isLast }: ReturnType<typeof readPage>): Promise<void> {
    for (const [lane, own] of Map.groupBy(links, ({ row }) => row.lane)) await this.#followLane(lane, own)
    this.isDone = isLast || links.length === 0
  }

  async #followLane(lane: string, links: readonly PageLink[]): Promise<void> {
    const { fault, end } = await walk(links, this.#startOf(lane, links))
    if (lane !== this.#last?.lane) this.lanes += 1
    this.records += links.length
    this.pending += links.filter(({ row }) => row.outcome === 'pending').length
    if (fault) this.broken.push({ lane, ...fault })
    this.#last = { lane, end: fault ? null : end }
  }

  /** Retention may move the beginning of a chain past what was followed, between one page and the next. */
  #startOf(lane: string, [first]: readonly PageLink[]): Place {
    const start = startOf(first?.checkpoint ?? null)
    const end = this.#last?.lane === lane ? this.#last.end : null
    return end && end.sequence > start.sequence ? end : start
  }
}

const overview = z.object({ total: z.number(), newest: z.number(), emptied: z.number() })

async function readOverview(ask: Ask): Promise<z.output<typeof overview>> {
  const [row] = await ask(`
    SELECT count(*) AS total, coalesce(max(number), 0) AS newest,
      (SELECT count(*) FROM audit_checkpoints c WHERE NOT EXISTS (SELECT 1 FROM audit a WHERE a.lane = c.lane)) AS emptied
    FROM audit`)
  return overview.parse(row)
}

const stray = z.object({ id: z.string(), parts: z.string().transform((text) => text.split(',')) })

async function readStrays(ask: Ask): Promise<Stray[]> {
  const rows = await ask(`
    SELECT id, group_concat(part) AS parts FROM audit_values v
    WHERE NOT EXISTS (SELECT 1 FROM audit a WHERE a.id = v.id) GROUP BY id LIMIT ${MAX_STRAYS}`)
  return z.array(stray).parse(rows)
}
