import * as z from 'zod'
import { operation, resource } from '../operation.ts'

const size = z.object({
  objects: z.number().exactOptional(),
  payloadSize: z.number().exactOptional(),
  metadataSize: z.number().exactOptional(),
})
const ofClass = z.object({ published: size.exactOptional(), uploaded: size.exactOptional() })

export const metrics = resource('Metrics', [
  operation({
    name: 'buckets.metrics.list',
    method: 'get',
    path: '/metrics',
    summary: 'Storage metrics of the whole account',
    description: 'Speaks of every bucket, so it needs a grant on `"*"`. Sizes are in bytes.',
    target: 'account',
    result: z
      .object({ standard: ofClass.exactOptional(), infrequentAccess: ofClass.exactOptional() })
      .meta({ id: 'Metrics' }),
  }),
])
