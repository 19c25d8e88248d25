import type { Operation, Resource } from '../operation.ts'
import { buckets } from './buckets.ts'
import { cors } from './cors.ts'
import { customDomains } from './custom-domains.ts'
import { eventNotifications } from './event-notifications.ts'
import { lifecycle } from './lifecycle.ts'
import { locks } from './locks.ts'
import { managedDomain } from './managed-domain.ts'
import { metrics } from './metrics.ts'
import { sippy } from './sippy.ts'

/** Everything that can be asked of R2, in the order of the documentation. */
export const resources: readonly Resource[] = [
  buckets,
  lifecycle,
  cors,
  customDomains,
  managedDomain,
  eventNotifications,
  locks,
  sippy,
  metrics,
]

export const operations = resources.flatMap(({ operations }) => operations)
const byName = new Map(operations.map((one) => [one.name, one] as const))

/** The operation of that name. */
export const operationNamed = (name: string): Operation | undefined => byName.get(name)

export const operationNames = operations.map(({ name }) => name)

/** What may be done to the warden itself, by those whose policy says so. */
export const wardenPermissions = [
  'warden.explain',
  'warden.audit.list',
  'warden.audit.get',
  'warden.audit.force',
] as const

/** Everything that a permission of a policy can name. */
export const permissionNames: readonly string[] = [...operationNames, ...wardenPermissions]
