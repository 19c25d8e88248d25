import type { AuditRecord, Values } from '../../audit/record.ts'
import { renderWhole } from '../../audit/render.ts'
import type { Principal } from '../../identity/principal.ts'
import type { auditGet } from '../../routes/warden/audit.ts'
import { findRecord, findValues } from '../../store/audit.ts'
import { answerInTime } from '../../store/timeout.ts'
import type { Handler, HandlerDeps } from '../handler.ts'
import { UNREACHABLE } from './list.ts'
import { visibilityOf } from './visibility.ts'

const TIMEOUT_MS = 3_000

/** One record, whole. */
export const getAudit: Handler<typeof auditGet> = async ({ params }, principal, deps) => {
  const { record, values } = await findVisible(params.id ?? '', principal, deps)
  return { result: renderWhole(record, values) }
}

interface Found {
  readonly record: AuditRecord
  readonly values: Values
}

/** Finds a record by its id. What the caller may not see is, to them, as if it weren't there. */
export async function findVisible(
  id: string,
  principal: Principal,
  { env }: Pick<HandlerDeps, 'env'>,
): Promise<Found> {
  const visibility = visibilityOf(principal, 'warden.audit.get')
  const record = await answerInTime(findRecord(env.DB, id), TIMEOUT_MS, UNREACHABLE)
  if (record === null || !visibility.holds(record)) throw visibility.end()
  return { record, values: await answerInTime(findValues(env.DB, id), TIMEOUT_MS, UNREACHABLE) }
}
