import { type CheckResult, lineOf } from '../src/analysis/reading/checked.ts'
import { checkPolicy } from '../src/analysis/reading/policy.ts'
import type { PolicyDocument } from '../src/policy/document.ts'
import { readText } from './policy/files.ts'

export type ReadPolicy =
  | { readonly document: PolicyDocument; readonly problems: null }
  | { readonly document: null; readonly problems: readonly string[] }

/** Reads and checks a policy document. Each problem says where: `file:line:column: path: message`. */
export function readPolicyFile(file: string): ReadPolicy {
  const { data, problems } = checkPolicyFile(file)
  return data ? { document: data, problems: null } : { document: null, problems: problems.map(lineOf) }
}

/** The same, with each problem in its parts, and with the source, which knows where each value stands. */
export function checkPolicyFile(file: string): CheckResult<PolicyDocument> {
  return checkPolicy(file, readText(file))
}
