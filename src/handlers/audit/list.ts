import { encodeCursor } from '../../audit/cursor.ts'
import { render } from '../../audit/render.ts'
import type { auditList } from '../../routes/warden/audit.ts'
import { listRecords } from '../../store/audit-listing.ts'
import { answerInTime } from '../../store/timeout.ts'
import type { Handler } from '../handler.ts'
import { visibilityOf } from './visibility.ts'

const TIMEOUT_MS = 10_000

/** A page of the records that the caller may see. */
export const listAudit: Handler<typeof auditList> = async ({ query }, principal, { env }) => {
  const { perPage, cursor = null, ...filters } = query
  const visibility = visibilityOf(principal, 'warden.audit.list')
  const { team, reach } = visibility
  if (team !== null && (filters.team ?? team) !== team) throw visibility.end()
  const asked = listRecords(env.DB, {
    filters: team === null ? filters : { ...filters, team },
    reach,
    after: cursor,
    limit: perPage + 1, // one more tells whether there is another page
  })
  const found = await answerInTime(asked, TIMEOUT_MS, UNREACHABLE)
  const last = found.length > perPage ? found[perPage - 1] : undefined
  const records = found.slice(0, perPage).map(render)
  return { result: { records, nextCursor: last ? encodeCursor(last) : null } }
}

export const UNREACHABLE = 'The audit trail cannot be reached. Try again shortly.'
