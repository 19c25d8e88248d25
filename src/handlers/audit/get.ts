import type { AuditRecord, Values } from '../../audit/record.ts'
import { type RenderedWhole, renderWhole } from '../../audit/render.ts'
import type { AppContext } from '../../gateway/context.ts'
import type { Principal } from '../../identity/authenticate.ts'
import { readParameter } from '../../routes/path-parameters.ts'
import { findRecord, findValues } from '../../store/audit.ts'
import { answerInTime } from '../../store/timeout.ts'
import { UNREACHABLE } from './list.ts'
import { viewOf } from './visibility.ts'

const READING_TIMEOUT_MS = 3_000

/** Reads the record that the path names, whole. */
export async function readAudit(context: AppContext, principal: Principal): Promise<RenderedWhole> {
  const { record, values } = await findVisible(context, principal)
  return renderWhole(record, values)
}

interface Found {
  readonly record: AuditRecord
  readonly values: Values
}

/** Finds the record that the path names. What the caller may not see is, to them, as if it weren't there. */
export async function findVisible(context: AppContext, principal: Principal): Promise<Found> {
  const id = readParameter('id', context)
  const view = viewOf(principal, 'warden.audit.get')
  const { DB } = context.env
  const record = await answerInTime(findRecord(DB, id), READING_TIMEOUT_MS, UNREACHABLE)
  if (record === null || !view.holds(record)) throw view.end()
  return { record, values: await answerInTime(findValues(DB, id), READING_TIMEOUT_MS, UNREACHABLE) }
}
