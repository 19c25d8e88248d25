import { bodyLimit } from 'hono/body-limit'
import { ApiError } from '../errors.ts'

const MAX_BYTES = 1024 * 1024

/** More than any body of this API needs is not read, whatever its length says. */
export const limitBody = bodyLimit({
  maxSize: MAX_BYTES,
  onError() {
    throw new ApiError('payload_too_large', `The body may be ${MAX_BYTES} bytes long.`)
  },
})
