import type { PolicyDocument } from '../policy/document.ts'
import { matches } from '../policy/match.ts'
import { permissionNames } from '../routes/index.ts'
import { rolesOf } from './permissions.ts'
import type { Path } from './reading/source.ts'

/** A name in the scope of a key that nothing has: a typo would narrow the key to nothing. */
export interface UnknownName {
  readonly path: Path
  readonly what: 'role' | 'operation'
  readonly name: string
  readonly known: readonly string[]
}

interface ScopeNames {
  readonly role?: string | undefined
  readonly permissions?: readonly string[] | undefined
}

export function unknownNames(
  document: Pick<PolicyDocument, 'roles'>,
  { role, permissions = [] }: ScopeNames,
): UnknownName[] {
  const roles = rolesOf(document)
  return [
    ...(role === undefined || roles.includes(role)
      ? []
      : [{ path: ['role'], what: 'role' as const, name: role, known: roles }]),
    ...permissions.flatMap((name, index) =>
      permissionNames.some((operation) => matches(name, operation))
        ? []
        : [{ path: ['permissions', index], what: 'operation' as const, name, known: permissionNames }],
    ),
  ]
}
