import type { PolicyDocument } from '../../src/policy/document.ts'
import { matches } from '../../src/policy/match.ts'
import { BUILT_IN_ROLES } from '../../src/policy/roles.ts'
import { operations, permissionNames } from '../../src/routes/index.ts'

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

const byName = new Map(operations.map((operation) => [operation.name, operation]))

/** An operation on R2; the warden's own have no declaration of this kind. */
export const operationCalled = (name: string) => byName.get(name)

/** Whether an operation is on the whole account, for which only the pattern `*` stands. */
export function isAccountWide(name: string): boolean {
  return (byName.get(name)?.target ?? (byName.has(name) ? 'bucket' : 'account')) === 'account'
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
