import type { Operation, Resource } from './operation.ts'
import { buckets } from './r2/buckets.ts'
import { cors } from './r2/cors.ts'
import { customDomains } from './r2/custom-domains.ts'
import { eventNotifications } from './r2/event-notifications.ts'
import { lifecycle } from './r2/lifecycle.ts'
import { locks } from './r2/locks.ts'
import { managedDomain } from './r2/managed-domain.ts'
import { metrics } from './r2/metrics.ts'
import { sippy } from './r2/sippy.ts'

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
