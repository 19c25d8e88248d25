import * as z from 'zod'
import { done } from '../envelope.ts'
import { ApiError } from '../errors.ts'
import { onBucket } from '../operation.ts'
import { checkRules } from './rules.ts'

const ORIGIN = /^(?:\*|[a-z][a-z0-9+.-]*:\/\/(?:[a-z0-9*._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?)$/i

const corsRule = z.object({
  id: z.string().optional(),
  allowed: z.object({
    origins: z.array(z.string().regex(ORIGIN)),
    methods: z.array(z.enum(['GET', 'PUT', 'POST', 'DELETE', 'HEAD'])),
    headers: z.array(z.string()).optional(),
  }),
  exposeHeaders: z.array(z.string()).optional(),
  maxAgeSeconds: z.number().min(0).max(86_400).optional(),
})

// `rules` may be absent: the SDKs send {} for an empty list.
const cors = z.object({ rules: z.array(corsRule).default([]) })

const path = '/r2/buckets/:bucket/cors'

export const corsOperations = [
  onBucket('buckets.cors.get', 'GET', path, ({ services }, bucket) => {
    const result = services.store.settings.get(bucket, 'cors')
    if (result === undefined) throw new ApiError('no_cors')
    return { result }
  }),
  onBucket('buckets.cors.update', 'PUT', path, (call, bucket) => {
    const value = call.body(cors)
    checkRules(value.rules)
    call.services.store.settings.put(bucket, 'cors', value)
    return done()
  }),
  onBucket('buckets.cors.delete', 'DELETE', path, ({ services }, bucket) => {
    const { settings } = services.store
    if (settings.get(bucket, 'cors') === undefined) throw new ApiError('no_cors')
    settings.delete(bucket, 'cors')
    return done()
  }),
]
