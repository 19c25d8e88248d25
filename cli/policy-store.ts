import type { PolicyDocument } from '../src/policy/document.ts'
import { activePolicy, digestOf, policyStatements } from '../src/store/policies.ts'
import { execute, query, type Target } from './d1.ts'

/** Puts a checked document in force as the next version, all of it or nothing; does nothing when it is already. */
export async function applyPolicy(
  document: PolicyDocument,
  target: Target,
): Promise<{ version: number; isNew: boolean }> {
  const active = await query(activePolicy, target)
  if (active?.digest === (await digestOf(document))) return { version: active.version, isNew: false }
  await execute(await policyStatements(document), target)
  const applied = await query(activePolicy, target)
  return { version: applied?.version ?? 0, isNew: true }
}
