import { type PolicyDocument, policyDocument, policyJsonSchema } from '../../policy/document.ts'
import { BUILT_IN_ROLES } from '../../policy/roles.ts'
import { permissionNames } from '../../routes/index.ts'
import { didYouMean } from '../words.ts'
import { type CheckResult, checkText } from './checked.ts'
import { at } from './issue-words.ts'
import type { Path } from './source.ts'

/** Reads and checks a policy document. The source knows where each value stands. */
export function checkPolicy(file: string, text: string): CheckResult<PolicyDocument> {
  const schema = policyDocument(permissionNames)
  return checkText(file, text, { schema, jsonSchema: policyJsonSchema(), hint })
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
