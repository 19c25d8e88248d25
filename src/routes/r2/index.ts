import type { Operation } from '../operation.ts'
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
export const r2Resources = [
  buckets,
  lifecycle,
  cors,
  customDomains,
  managedDomain,
  eventNotifications,
  locks,
  sippy,
  metrics,
] as const

/** The 27 operations of the R2 Buckets API. */
export const operations = r2Resources.flatMap(({ operations }): readonly Operation[] => operations)

export const operationNames = operations.map(({ name }) => name)
