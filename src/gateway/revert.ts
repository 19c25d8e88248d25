import { paramsOf } from '../audit/params.ts'
import type { AuditRecord, Values } from '../audit/record.ts'
import { ApiError } from '../errors.ts'
import { findVisible } from '../handlers/audit/get.ts'
import type { Principal } from '../identity/principal.ts'
import type { Facts } from '../policy/decide.ts'
import { parametersIn } from '../routes/fields.ts'
import { operationNamed } from '../routes/index.ts'
import type { Operation } from '../routes/operation.ts'
import type { auditRevert } from '../routes/warden/audit.ts'
import { makeChange } from './changes.ts'
import type { Deps, OperationRequest, Outcome } from './request.ts'

type Query = NonNullable<(typeof auditRevert)['asked']>['query']

/**
 * Puts back what was there before a change, as a change of its own: the caller's policy decides it, its lane makes it,
 * and it has a record. Unless forced, only while what the change left behind is still what is there.
 */
export async function revert(
  { params, query, conditions }: OperationRequest,
  principal: Principal,
  deps: Deps,
): Promise<Outcome> {
  const { force, dryRun } = query as Query
  const { record, values } = await findVisible(params.id ?? '', principal, deps)
  const undo = undoOf(record, values)
  const operation = operationOf(undo.operation)
  const { id } = record
  const jurisdiction = record.jurisdiction ?? 'default'
  const change = {
    params: pathParamsOf(operation, record),
    jurisdiction,
    query: {},
    body: undo.body,
    dryRun,
    ...(conditions && { conditions }),
    reverts: { id, expected: force ? null : expectedOf(values) },
    demands: force ? [FORCE] : [],
  }
  const outcome = await makeChange(operation, change, principal, deps)
  if (outcome.kind !== 'done') return outcome
  return { ...outcome, answer: { result: { reverted: id, operation: operation.name } } }
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

function pathParamsOf({ path }: Operation, record: AuditRecord) {
  const known = paramsOf(record)
  return Object.fromEntries(
    parametersIn(path).flatMap((name) => (known[name] === undefined ? [] : [[name, known[name]]])),
  )
}
