import type { AuditRecord, Values } from '../audit/record.ts'
import { json } from '../dialects/v1/v1.ts'
import { ApiError, invalidRequest } from '../errors.ts'
import { findVisible } from '../handlers/audit/get.ts'
import type { Principal } from '../identity/authenticate.ts'
import type { Facts } from '../policy/decide.ts'
import { operationNamed } from '../routes/index.ts'
import type { Operation } from '../routes/operation.ts'
import { parametersIn } from '../routes/path-parameters.ts'
import { jurisdictionHeader } from '../upstream/client.ts'
import { sendChange } from './changes.ts'
import type { AppContext } from './context.ts'

export interface Revert {
  readonly force: boolean
  readonly dryRun: boolean
}

/**
 * Puts back what was there before a change, as a change of its own: the caller's policy decides it, its lane makes it,
 * and it has a record. Unless forced, only while what the change left behind is still what is there.
 */
export async function revertChange(
  context: AppContext,
  principal: Principal,
  { force, dryRun }: Revert,
): Promise<Response> {
  if ((await context.req.text()) !== '')
    throw invalidRequest([{ in: 'body', pointer: '', message: 'takes none; `force` goes in the query' }])
  const { record, values } = await findVisible(context, principal)
  const undo = undoOf(record, values)
  const operation = operationOf(undo.operation)
  const { id, jurisdiction } = record
  const asked = {
    operation,
    input: { params: paramsOf(operation, record), jurisdiction, query: {}, body: undo.body },
    headers: jurisdictionHeader(jurisdiction),
    dialect: 'v1' as const,
    dryRun,
    reverts: { id, expected: force ? null : expectedOf(values) },
    demands: force ? [FORCE] : [],
  }
  const changed = await sendChange(context, principal, asked)
  const requestId = context.get('requestId')
  if (changed.kind === 'decision') return json(requestId, 200, changed.described)
  const { done, replayed } = changed
  const { entityTag, warnings } = done
  return json(requestId, 200, { reverted: id, operation: operation.name }, { entityTag, warnings, replayed })
}

/** Not even a change that would be allowed by itself goes over somebody else's without being allowed that. */
const FORCE: Facts = { operation: 'warden.audit.force', jurisdiction: 'default', bucket: null }

function undoOf({ operation, outcome }: AuditRecord, { before, after }: Values) {
  const { changes } = operationOf(operation)
  if (outcome !== 'happened') throw notRevertible(`There is nothing to undo: its outcome is ${outcome}.`)
  if (!changes || before === undefined) throw notRevertible('What was there before is not on record.')
  const was = { before: JSON.parse(before), after: after === undefined ? null : JSON.parse(after) }
  const undo = changes.undo(was)
  if (undo.impossible !== undefined) throw notRevertible(undo.impossible)
  return undo
}

const notRevertible = (reason: string) => new ApiError('not_revertible', reason)

function expectedOf({ after }: Values): string {
  if (after !== undefined) return after
  const message =
    'What the change left behind is not on record, so whether somebody changed it since is not known.'
  throw new ApiError('precondition_failed', message)
}

function operationOf(name: string): Operation {
  const found = operationNamed(name)
  if (!found) throw notRevertible(`No operation is called ${name}.`)
  return found
}

function paramsOf({ path }: Operation, { bucket, domain, queueId }: AuditRecord) {
  const known = { bucket, domain: domain ?? undefined, queueId: queueId ?? undefined, id: undefined }
  return Object.fromEntries(
    parametersIn(path).flatMap((name) => (known[name] === undefined ? [] : [[name, known[name]]])),
  )
}
