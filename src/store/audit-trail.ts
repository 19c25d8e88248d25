import * as z from 'zod'
import { type Links, page } from './audit-pages.ts'
import { all, condition } from './condition.ts'
import { type Query, query, statement } from './statement.ts'

/** The whole trail, lane by lane, for whoever follows it to its end. */

const overviews = z.tuple([
  z.object({
    /** Records that there are. */
    total: z.number(),
    /** The number of the newest. */
    newest: z.number(),
    /** Lanes of which retention has removed every record. */
    emptied: z.number(),
  }),
])
export type TrailOverview = z.output<typeof overviews>[0]

export const trailOverview: Query<TrailOverview> = query(
  statement(`SELECT count(*) AS total, coalesce(max(number), 0) AS newest,
      (SELECT count(*) FROM audit_checkpoints c WHERE NOT EXISTS (SELECT 1 FROM audit a WHERE a.lane = c.lane)) AS emptied
    FROM audit`),
  (rows) => overviews.parse(rows)[0],
)

/** How far somebody has followed the trail; without a sequence, what is left of the lane is of no interest. */
export interface Followed {
  readonly lane: string
  readonly sequence: number | null
}

/** What comes next, up to a number: what is written meanwhile is not waited for. */
export function restOfTrail(
  after: Followed | null,
  newest: number,
  most: { readonly records: number; readonly bytes: number },
): Query<Links> {
  const where = all([
    condition('+number <= ?', newest), // the + keeps SQLite to the index that gives the order
    ...(after === null ? [] : [beyond(after)]),
  ])
  return page({ where, order: ['lane', 'sequence'], ...most })
}

const beyond = ({ lane, sequence }: Followed) =>
  sequence === null ? condition('lane > ?', lane) : condition('(lane, sequence) > (?, ?)', lane, sequence)

const strays = z.array(
  z.object({ id: z.string(), parts: z.string().transform((text): readonly string[] => text.split(',')) }),
)

/** Values whose record is not there. */
export type Stray = z.output<typeof strays>[number]

export const strayValues = (most: number): Query<readonly Stray[]> =>
  query(
    statement(
      `SELECT id, group_concat(part) AS parts FROM audit_values v
        WHERE NOT EXISTS (SELECT 1 FROM audit a WHERE a.id = v.id) GROUP BY id LIMIT ?`,
      most,
    ),
    (rows) => strays.parse(rows),
  )
