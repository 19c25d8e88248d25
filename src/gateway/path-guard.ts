import type { AppContext } from '../dialects/context.ts'
import { notOffered } from '../dialects/v4/not-offered.ts'
import { ApiError } from '../errors.ts'

/** Letters, digits and `._-` between single slashes: all that a name in a path of this API is made of. */
const CANONICAL = /^https?:\/\/[^/?#]*((?:\/[A-Za-z0-9_.-]+)*\/?)(?:\?|$)/
const ONLY_DOTS = /\/\.+(?:\/|$)/

/**
 * The first that is done with a request: it gets an id, and a path that another reader could take for a different one
 * (an encoded slash or dot, `//`, `;`, a backslash, anything beyond ASCII) is refused before anybody is asked.
 */
export function begin(context: AppContext): void {
  context.set('requestId', crypto.randomUUID())
  const { url } = context.req
  const path = CANONICAL.exec(url)?.[1]
  if (path === undefined || ONLY_DOTS.test(path)) throw refusal(url)
}

function refusal(url: string): ApiError {
  const [path = ''] = url.replace(/^https?:\/\/[^/?#]*/, '').split('?', 1)
  return notOffered(path) ?? invalidPath(path)
}

function invalidPath(path: string): ApiError {
  const hint = path.includes('//') ? ' Does the base URL end in a slash?' : ''
  const message = 'Write the path plainly: letters, digits, `.`, `_`, `-` and single slashes.'
  return new ApiError('invalid_path', message + hint)
}
