import { Hono } from 'hono'
import { admin } from './admin/index.ts'
import { authenticate } from './auth.ts'
import { failure } from './envelope.ts'
import { ApiError, toApiError } from './errors.ts'
import type { Operation } from './operation.ts'
import { type AppEnv, mount } from './operation.ts'
import { record } from './record.ts'
import { bucketOperations } from './routes/buckets.ts'
import { corsOperations } from './routes/cors.ts'
import { customDomainOperations } from './routes/custom-domains.ts'
import { eventNotificationOperations } from './routes/event-notifications.ts'
import { lifecycleOperations } from './routes/lifecycle.ts'
import { lockOperations } from './routes/locks.ts'
import { managedDomainOperations } from './routes/managed-domain.ts'
import { metricsOperations } from './routes/metrics.ts'
import { sippyOperations } from './routes/sippy.ts'
import { surroundings } from './routes/surroundings.ts'
import type { Services } from './services.ts'

const BASE = '/client/v4'

const OPERATIONS: readonly Operation[] = [
  ...bucketOperations,
  ...lifecycleOperations,
  ...corsOperations,
  ...customDomainOperations,
  ...managedDomainOperations,
  ...eventNotificationOperations,
  ...lockOperations,
  ...metricsOperations,
  ...sippyOperations,
]

export function createApp(services: Services): Hono<AppEnv> {
  const app = new Hono<AppEnv>()

  // Before the recorder and the token check: a tester's own calls are neither traffic nor Cloudflare's.
  app.route('/__emulator', admin(services, OPERATIONS))

  app.use('*', record(services))
  app.use(`${BASE}/*`, authenticate(services.config))
  mount(app, BASE, services, OPERATIONS)
  app.route(BASE, surroundings(services))

  app.notFound(() => failure(new ApiError('no_route')))
  app.onError((error) => failure(toApiError(error)))
  return app
}
