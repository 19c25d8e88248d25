import { cloudflare } from './cloudflare/index.ts'
import { type Operation, permissionsOf } from './operation.ts'
import { r2Resources } from './r2/index.ts'
import { warden } from './warden/index.ts'

export { operationNames, operations } from './r2/index.ts'

/** Everything that can be asked at all, in the order of the documentation. */
export const resources = [...r2Resources, warden, cloudflare] as const

type AnyOperation = (typeof resources)[number]['operations'][number]

/** The operations that need a handler. */
export type HandledOperation = Extract<AnyOperation, { readonly handled: true }>

export const everyOperation: readonly Operation[] = resources.flatMap(
  ({ operations }): readonly Operation[] => operations,
)
const byName = new Map(everyOperation.map((one) => [one.name, one] as const))

/** The operation of that name. */
export const operationNamed = (name: string): Operation | undefined => byName.get(name)

/** Everything that a permission of a policy can name. */
export const permissionNames: readonly string[] = everyOperation.flatMap(permissionsOf)
