import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '../dialects/context.ts'
import { notOffered } from '../dialects/v4/not-offered.ts'
import { ApiError } from '../errors.ts'

/** Letters, digits and `._-` between single slashes: all that a name in a path of this API is made of. */
const CANONICAL = /^(?:\/[A-Za-z0-9_.-]+)*\/?$/
const ONLY_DOTS = /\/\.+(?:\/|$)/

/**
 * The first to see a request. A path that another reader could take for a different one (an encoded
 * slash or dot, `//`, `;`, a backslash, anything beyond ASCII) is refused before anybody is asked.
 */
export const pathGuard = createMiddleware<AppEnv>(async function pathGuard(context, next) {
  context.set('requestId', crypto.randomUUID())
  const { url } = context.req
  const [path = ''] = url.replace(/^https?:\/\/[^/?#]*/, '').split('?', 1)
  if (!CANONICAL.test(path) || ONLY_DOTS.test(path)) throw notOffered(path) ?? invalidPath(path)
  await next()
})

function invalidPath(path: string): ApiError {
  const hint = path.includes('//') ? ' Does the base URL end in a slash?' : ''
  const message = 'Write the path plainly: letters, digits, `.`, `_`, `-` and single slashes.'
  return new ApiError('invalid_path', message + hint)
}
