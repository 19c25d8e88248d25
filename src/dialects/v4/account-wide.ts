import { invalidRequest } from '../../errors.ts'
import type { Operation } from '../../routes/operation.ts'
import type { AppContext } from '../context.ts'

const HEADER = 'cf-r2-jurisdiction'

/** The whole account is in no jurisdiction: one that is named there could only change which rules hold. */
export function refuseJurisdiction({ name, target }: Operation, context: AppContext): void {
  if (target !== 'account' || context.req.raw.headers.get(HEADER) === null) return
  const message = `${name} is on the whole account, which is in no jurisdiction`
  throw invalidRequest([{ in: 'header', pointer: HEADER, message }])
}
