import type Cloudflare from 'cloudflare'
import { ACCOUNT, type Place, QUEUE, ZONE } from '../running.ts'

/** Which bucket a call is on, as the SDK wants to be told. */
export interface Where {
  readonly bucket: string
  readonly place?: Place
}

export interface Call {
  readonly operation: string
  readonly changes: boolean
  /** What the answer has, at least. */
  readonly answers: unknown
  make(client: Cloudflare, where: Where): Promise<unknown>
}

/** Every operation once on a bucket, in an order in which each succeeds. */
export function calls({ bucket }: Where): readonly Call[] {
  const domain = `cdn.${bucket}.example.com`
  return [...buckets(bucket), ...rules, ...domains(domain), ...events(bucket), ...others, deletion]
}

const account = ({ place }: Where) => ({
  account_id: ACCOUNT,
  ...(place && { 'cf-r2-jurisdiction': place }),
})
const named = (where: Where) => ({ ...account(where), bucket_name: where.bucket })

const read = (operation: string, answers: unknown, make: Call['make']): Call => ({
  operation,
  changes: false,
  answers,
  make,
})
const change = (operation: string, answers: unknown, make: Call['make']): Call => ({
  operation,
  changes: true,
  answers,
  make,
})
const anything = {}

const buckets = (name: string): readonly Call[] => [
  change('buckets.create', { name, storage_class: 'InfrequentAccess' }, ({ r2 }, where) =>
    r2.buckets.create({ ...account(where), name, locationHint: 'weur', storageClass: 'InfrequentAccess' }),
  ),
  read('buckets.list', { buckets: [{ name }] }, ({ r2 }, where) =>
    r2.buckets.list({ ...account(where), name_contains: name, per_page: 5, order: 'name', direction: 'asc' }),
  ),
  read('buckets.get', { name, location: 'WEUR' }, ({ r2 }, where) => r2.buckets.get(name, account(where))),
  change('buckets.edit', anything, ({ r2 }, where) =>
    r2.buckets.edit(name, { ...account(where), storage_class: 'Standard' }),
  ),
]

const corsRule = { allowed: { origins: ['https://www.example.com'], methods: ['GET' as const] } }
const lifecycleRule = {
  id: 'a',
  enabled: true,
  conditions: { prefix: '' },
  deleteObjectsTransition: { condition: { type: 'Age' as const, maxAge: 86_400 } },
}
const lockRule = { id: 'l', enabled: true, condition: { type: 'Indefinite' as const } }

const rules: readonly Call[] = [
  change('buckets.lifecycle.update', anything, ({ r2 }, where) =>
    r2.buckets.lifecycle.update(where.bucket, { ...account(where), rules: [lifecycleRule] }),
  ),
  read('buckets.lifecycle.get', { rules: [lifecycleRule] }, ({ r2 }, where) =>
    r2.buckets.lifecycle.get(where.bucket, account(where)),
  ),
  change('buckets.cors.update', anything, ({ r2 }, where) =>
    r2.buckets.cors.update(where.bucket, { ...account(where), rules: [corsRule] }),
  ),
  read('buckets.cors.get', { rules: [corsRule] }, ({ r2 }, where) =>
    r2.buckets.cors.get(where.bucket, account(where)),
  ),
  change('buckets.cors.delete', anything, ({ r2 }, where) =>
    r2.buckets.cors.delete(where.bucket, account(where)),
  ),
  change('buckets.locks.update', anything, ({ r2 }, where) =>
    r2.buckets.locks.update(where.bucket, { ...account(where), rules: [lockRule] }),
  ),
  read('buckets.locks.get', { rules: [lockRule] }, ({ r2 }, where) =>
    r2.buckets.locks.get(where.bucket, account(where)),
  ),
]

const domains = (domain: string): readonly Call[] => [
  change('buckets.domains.custom.create', { domain, minTLS: '1.2' }, ({ r2 }, where) =>
    r2.buckets.domains.custom.create(where.bucket, {
      ...account(where),
      domain,
      zoneId: ZONE,
      enabled: true,
      minTLS: '1.2',
    }),
  ),
  read('buckets.domains.custom.list', { domains: [{ domain }] }, ({ r2 }, where) =>
    r2.buckets.domains.custom.list(where.bucket, account(where)),
  ),
  change('buckets.domains.custom.update', { enabled: false, minTLS: '1.3' }, ({ r2 }, where) =>
    r2.buckets.domains.custom.update(domain, { ...named(where), enabled: false, minTLS: '1.3' }),
  ),
  read('buckets.domains.custom.get', { domain, zoneId: ZONE, enabled: false }, ({ r2 }, where) =>
    r2.buckets.domains.custom.get(domain, named(where)),
  ),
  change('buckets.domains.custom.delete', { domain }, ({ r2 }, where) =>
    r2.buckets.domains.custom.delete(domain, named(where)),
  ),
  change('buckets.domains.managed.update', { enabled: true }, ({ r2 }, where) =>
    r2.buckets.domains.managed.update(where.bucket, { ...account(where), enabled: true }),
  ),
  read('buckets.domains.managed.list', { enabled: true }, ({ r2 }, where) =>
    r2.buckets.domains.managed.list(where.bucket, account(where)),
  ),
]

const events = (bucketName: string): readonly Call[] => [
  change('buckets.eventNotifications.update', anything, ({ r2 }, where) =>
    r2.buckets.eventNotifications.update(QUEUE, { ...named(where), rules: [{ actions: ['PutObject'] }] }),
  ),
  read('buckets.eventNotifications.list', { bucketName, queues: [{ queueId: QUEUE }] }, ({ r2 }, where) =>
    r2.buckets.eventNotifications.list(where.bucket, account(where)),
  ),
  read('buckets.eventNotifications.get', { rules: [{ actions: ['PutObject'] }] }, ({ r2 }, where) =>
    r2.buckets.eventNotifications.get(QUEUE, named(where)),
  ),
  change('buckets.eventNotifications.delete', anything, ({ r2 }, where) =>
    r2.buckets.eventNotifications.delete(QUEUE, named(where)),
  ),
]

const others: readonly Call[] = [
  read('buckets.metrics.list', { standard: {} }, ({ r2 }) =>
    r2.buckets.metrics.list({ account_id: ACCOUNT }),
  ),
  change('buckets.sippy.update', { enabled: true }, ({ r2 }, where) =>
    r2.buckets.sippy.update(where.bucket, {
      ...account(where),
      source: { provider: 'aws', bucket: 'b', region: 'r', accessKeyId: 'k', secretAccessKey: 's' },
      destination: { provider: 'r2', accessKeyId: 'k', secretAccessKey: 's' },
    }),
  ),
  read('buckets.sippy.get', { enabled: true, source: { provider: 'aws', bucket: 'b' } }, ({ r2 }, where) =>
    r2.buckets.sippy.get(where.bucket, account(where)),
  ),
  change('buckets.sippy.delete', { enabled: false }, ({ r2 }, where) =>
    r2.buckets.sippy.delete(where.bucket, account(where)),
  ),
]

const deletion = change('buckets.delete', anything, ({ r2 }, where) =>
  r2.buckets.delete(where.bucket, account(where)),
)
