import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { App, AppEnv } from './dialects/context.ts'
import { v1 } from './dialects/v1/v1.ts'
import { V4, v4 } from './dialects/v4/v4.ts'
import type { Env } from './env.ts'
import { ApiError } from './errors.ts'
import { mount, nothingHere } from './gateway/mount.ts'
import { scheduled } from './jobs/scheduled.ts'
import { log } from './log.ts'
import { resources } from './routes/index.ts'

export const app: App = new Hono<AppEnv>()

mount(app, resources, [v1, v4])
app.notFound(nothingHere(app))

app.onError((error, context) => {
  const told = toApiError(error)
  if (told.code === 'internal') log('error', 'unexpected error', { error: String(error), stack: error.stack })
  const dialect = context.req.path.startsWith(`${V4}/`) ? v4 : v1
  return dialect.failure(told, context.get('requestId'), new URL(context.req.url).origin)
})

/** What isn't an error of the API's shows nothing of itself. */
function toApiError(error: Error): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof HTTPException && error.status === 400)
    return new ApiError('malformed_json', 'The body cannot be read as JSON.')
  return new ApiError('internal', 'The warden failed. Its operators find the cause under this request id.')
}

export { Lane } from './lanes/lane.ts'

export default { fetch: app.fetch, scheduled } satisfies ExportedHandler<Env>
