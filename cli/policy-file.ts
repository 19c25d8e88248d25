import { type PolicyDocument, policyDocument, policyJsonSchema } from '../src/policy/document.ts'
import { BUILT_IN_ROLES } from '../src/policy/roles.ts'
import { permissionNames } from '../src/routes/index.ts'
import { type Checked, lineOf, readChecked } from './policy/checked.ts'
import { at } from './policy/issue-words.ts'
import type { Path } from './policy/located.ts'
import { didYouMean } from './policy/words.ts'

export type ReadPolicy =
  | { readonly document: PolicyDocument; readonly problems: null }
  | { readonly document: null; readonly problems: readonly string[] }

/** Reads and checks a policy document. Each problem says where: `file:line:column: path: message`. */
export function readPolicyFile(file: string): ReadPolicy {
  const { data, problems } = checkPolicyFile(file)
  return data ? { document: data, problems: null } : { document: null, problems: problems.map(lineOf) }
}

/** The same, with each problem in its parts, and with the source, which knows where each value stands. */
export function checkPolicyFile(file: string): Checked<PolicyDocument> {
  const schema = policyDocument(permissionNames)
  return readChecked(file, { schema, jsonSchema: policyJsonSchema(), hint })
}

/** Something close to a role or an operation that doesn't exist. */
function hint(path: Path, value: unknown, document: unknown): string | null {
  if (typeof value !== 'string') return null
  const known =
    path.at(-1) === 'role'
      ? [...BUILT_IN_ROLES.keys(), ...Object.keys(at(document, ['roles']) ?? {})]
      : path.at(-2) === 'permissions'
        ? permissionNames
        : []
  return didYouMean(value, known).slice(2) || null
}
