import * as z from 'zod'
import { contains, unreadable } from '../changes.ts'
import { operation, resource } from '../operation.ts'

export const managedDomainChange = z
  .strictObject({ enabled: z.boolean() })
  .meta({ id: 'ManagedDomainChange', examples: [{ enabled: false }] })

const managedDomainState = z.object({ bucketId: z.string(), domain: z.string(), enabled: z.boolean() }).meta({
  id: 'ManagedDomain',
  examples: [
    {
      bucketId: '0113a9e4549cf9b1ff1bf56e04da0cef',
      domain: 'pub-0113a9e4549cf9b1ff1bf56e04da0cef.r2.dev',
      enabled: false,
    },
  ],
})

export const managedDomain = resource('Managed domain', [
  operation({
    name: 'buckets.domains.managed.list',
    method: 'get',
    path: '/buckets/:bucket/domains/managed',
    summary: 'Get the r2.dev domain and whether it is public',
    result: managedDomainState,
  }),
  operation({
    name: 'buckets.domains.managed.update',
    method: 'put',
    path: '/buckets/:bucket/domains/managed',
    summary: 'Make the bucket public at its r2.dev domain, or stop that',
    changes: {
      reads: 'buckets.domains.managed.list',
      isDone: contains,
      undo({ before }) {
        const was = managedDomainState.safeParse(before).data
        if (!was) return unreadable
        return { operation: 'buckets.domains.managed.update', body: { enabled: was.enabled } }
      },
    },
    body: managedDomainChange,
    result: managedDomainState,
  }),
])
