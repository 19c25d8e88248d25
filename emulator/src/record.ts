import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from './operation.ts'
import { newRay } from './ray.ts'
import type { Services } from './services.ts'

/** Writes down what was received, and what it was answered. */
export function record({ log, config }: Services): MiddlewareHandler<AppEnv> {
  return async function recordRequest(c, next) {
    const { method } = c.req
    const body = method === 'GET' || method === 'HEAD' ? '' : await c.req.raw.text()
    const ray = newRay()
    const entry = log.add(c.req.raw, body, ray)
    c.set('body', body)
    c.set('entry', entry)
    await next()
    c.res.headers.set('cf-ray', ray)
    if (entry) log.close(entry, c.res.status, config.console)
  }
}
