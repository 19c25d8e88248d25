import type { PolicyDocument } from '../policy/document.ts'
import { matches } from '../policy/match.ts'
import { BUILT_IN_ROLES } from '../policy/roles.ts'
import { operationNamed, permissionNames } from '../routes/index.ts'

/** The operations that patterns name. */
export function operationsOf(permissions: readonly string[]): string[] {
  return permissionNames.filter((operation) => permissions.some((pattern) => matches(pattern, operation)))
}

/** The patterns of a role of a document, or of a built-in one; a role that doesn't exist has none. */
export function permissionsOf({ roles }: Pick<PolicyDocument, 'roles'>, role: string): readonly string[] {
  return BUILT_IN_ROLES.get(role) ?? (Object.hasOwn(roles, role) ? roles[role]?.permissions : null) ?? []
}

export function rolesOf({ roles }: Pick<PolicyDocument, 'roles'>): string[] {
  return [...BUILT_IN_ROLES.keys(), ...Object.keys(roles)]
}

/** Whether an operation is on the whole account, for which only the pattern `*` stands: the warden's own all are. */
export function isAccountWide(name: string): boolean {
  const operation = operationNamed(name)
  return operation === undefined || operation.target === 'account'
}

/** Operations in few words: `buckets.cors.*` where all of them are meant, `buckets.cors.{get,delete}` where some are. */
export function inWords(names: Iterable<string>): string {
  const meant = new Set(names)
  const under = (prefix: string): string[] => {
    const all = permissionNames.filter((name) => name.startsWith(prefix))
    if (all.length > 1 && all.every((name) => meant.has(name))) return [`${prefix}*`]
    const parts = [...new Set(all.map((name) => name.slice(prefix.length).split('.', 1)[0] ?? ''))]
    const here = parts.filter((part) => meant.has(`${prefix}${part}`))
    const below = parts.filter((part) => all.some((name) => name.startsWith(`${prefix}${part}.`)))
    return [
      ...(here.length > 0 ? [prefix + (here.length === 1 ? here[0] : `{${here.join(',')}}`)] : []),
      ...below.flatMap((part) => under(`${prefix}${part}.`)),
    ]
  }
  return under('').join(', ')
}
