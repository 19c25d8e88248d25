import * as z from 'zod'
import type { PolicyDocument } from '../src/policy/document.ts'
import { execute, query, type Target } from './d1.ts'
import { digestOf, policyStatements } from './statements.ts'

const activeRow = z.object({ version: z.number(), digest: z.string(), shared: z.string() })
export type Active = z.output<typeof activeRow>

/** The policy in force; `null` when none was ever applied. */
export async function findActive(target: Target): Promise<Active | null> {
  const statement =
    'SELECT p.version, p.digest, p.shared FROM active_policy a JOIN policies p ON p.version = a.version'
  const [row] = await query(statement, target)
  return row === undefined ? null : activeRow.parse(row)
}

/** Puts a checked document in force as the next version, all of it or nothing; does nothing when it is already. */
export async function applyPolicy(
  document: PolicyDocument,
  target: Target,
): Promise<{ version: number; isNew: boolean }> {
  const active = await findActive(target)
  if (active?.digest === (await digestOf(document))) return { version: active.version, isNew: false }
  await execute(await policyStatements(document), target)
  const applied = await findActive(target)
  return { version: applied?.version ?? 0, isNew: true }
}
