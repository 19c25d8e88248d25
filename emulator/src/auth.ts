import type { MiddlewareHandler } from 'hono'
import type { Config } from './config.ts'
import { ApiError } from './errors.ts'

const BEARER = /^bearer /i

export function authenticate({ apiToken }: Config): MiddlewareHandler {
  return async function demandToken(c, next) {
    const presented = c.req.header('authorization') ?? ''
    if (!BEARER.test(presented) || presented.slice('bearer '.length) !== apiToken)
      throw new ApiError('authentication')
    await next()
  }
}
