/** One good call of each operation on `media-assets`: what a caller sends, and what must go up for it. */
export interface Example {
  readonly name: string
  readonly method: string
  /** Below `/v1`. */
  readonly path: string
  readonly body?: unknown
  /** The operation that must have been done for this one to succeed. */
  readonly after?: string
  readonly status: number
  readonly sent: {
    /** Below `/accounts/{account_id}`. */
    readonly path: string
    readonly query?: string
    readonly headers?: Record<string, string>
    /** The same as `body` unless it is said here; `null` for none. */
    readonly body?: unknown
  }
}

export const BUCKET = 'media-assets'
export const QUEUE = 'aaaabbbbccccddddeeeeffff00001111'
export const DOMAIN = 'cdn.media.example.com'
export const ZONE = '023e105f4ecef8ad9ca31a8372d0c353'
/** Credentials of Sippy's: they pass through the warden, and are never seen again. */
export const SIPPY_SECRETS = [
  'aws-secret-that-must-never-be-seen',
  'r2-secret-that-must-never-be-seen',
] as const

const own = `/buckets/${BUCKET}`
const [awsSecret, r2Secret] = SIPPY_SECRETS

const lifecycleRule = {
  id: 'expire-logs',
  enabled: true,
  conditions: { prefix: 'logs/' },
  deleteObjectsTransition: { condition: { type: 'Age', maxAge: 2592000 } },
}
const corsRule = {
  id: 'site',
  allowed: { origins: ['https://www.media.example.com'], methods: ['GET', 'HEAD'], headers: ['range'] },
  exposeHeaders: ['etag'],
  maxAgeSeconds: 3600,
}
const lockRule = { id: 'keep', enabled: true, condition: { type: 'Age', maxAgeSeconds: 60 } }
const sippy = {
  source: {
    provider: 'aws',
    bucket: 'old-assets',
    region: 'us-east-1',
    accessKeyId: 'AK',
    secretAccessKey: awsSecret,
  },
  destination: { provider: 'r2', accessKeyId: 'AK', secretAccessKey: r2Secret },
}
const domain = { domain: DOMAIN, zoneId: ZONE, enabled: true, minTLS: '1.2' }
const notifications = { rules: [{ actions: ['PutObject'], prefix: 'uploads/' }] }

/** A plain read or change of a part of the bucket: upstream has it at the same place. */
function part(name: string, method: string, rest: string, more: Partial<Example> = {}): Example {
  const path = own + rest
  return { name, method, path, status: 200, sent: { path: `/r2${path}` }, ...more }
}

function notification(name: string, method: string, rest: string, more: Partial<Example> = {}): Example {
  const path = `${own}/event-notifications${rest}`
  const sent = { path: `/event_notifications/r2/${BUCKET}/configuration${rest}` }
  return { name, method, path, status: 200, sent, ...more }
}

const one = `/domains/custom/${DOMAIN}`
const queue = `/queues/${QUEUE}`
const withDomain = { after: 'buckets.domains.custom.create' }
const withRules = { after: 'buckets.eventNotifications.update' }

export const examples: readonly Example[] = [
  {
    name: 'buckets.list',
    method: 'GET',
    path: '/buckets',
    status: 200,
    sent: { path: '/r2/buckets', query: 'per_page=101&order=name&direction=asc' },
  },
  {
    name: 'buckets.create',
    method: 'POST',
    path: '/buckets',
    body: { name: 'media-new', locationHint: 'weur', storageClass: 'InfrequentAccess' },
    status: 201,
    sent: { path: '/r2/buckets' },
  },
  part('buckets.get', 'GET', ''),
  part('buckets.edit', 'PATCH', '', {
    body: { storageClass: 'InfrequentAccess' },
    sent: { path: `/r2${own}`, headers: { 'cf-r2-storage-class': 'InfrequentAccess' }, body: null },
  }),
  part('buckets.delete', 'DELETE', '', { status: 204 }),
  part('buckets.lifecycle.get', 'GET', '/lifecycle'),
  part('buckets.lifecycle.update', 'PUT', '/lifecycle', { body: { rules: [lifecycleRule] }, status: 204 }),
  part('buckets.cors.get', 'GET', '/cors', { after: 'buckets.cors.update' }),
  part('buckets.cors.update', 'PUT', '/cors', { body: { rules: [corsRule] }, status: 204 }),
  part('buckets.cors.delete', 'DELETE', '/cors', { after: 'buckets.cors.update', status: 204 }),
  part('buckets.domains.custom.list', 'GET', '/domains/custom'),
  part('buckets.domains.custom.create', 'POST', '/domains/custom', { body: domain, status: 201 }),
  part('buckets.domains.custom.get', 'GET', one, withDomain),
  part('buckets.domains.custom.update', 'PUT', one, { ...withDomain, body: { minTLS: '1.3' } }),
  part('buckets.domains.custom.delete', 'DELETE', one, { ...withDomain, status: 204 }),
  part('buckets.domains.managed.list', 'GET', '/domains/managed'),
  part('buckets.domains.managed.update', 'PUT', '/domains/managed', { body: { enabled: true } }),
  notification('buckets.eventNotifications.list', 'GET', '', withRules),
  notification('buckets.eventNotifications.get', 'GET', queue, withRules),
  notification('buckets.eventNotifications.update', 'PUT', queue, { body: notifications, status: 204 }),
  notification('buckets.eventNotifications.delete', 'DELETE', queue, { ...withRules, status: 204 }),
  part('buckets.locks.get', 'GET', '/lock'),
  part('buckets.locks.update', 'PUT', '/lock', { body: { rules: [lockRule] }, status: 204 }),
  {
    name: 'buckets.metrics.list',
    method: 'GET',
    path: '/metrics',
    status: 200,
    sent: { path: '/r2/metrics' },
  },
  part('buckets.sippy.get', 'GET', '/sippy'),
  part('buckets.sippy.update', 'PUT', '/sippy', { body: sippy }),
  part('buckets.sippy.delete', 'DELETE', '/sippy', { status: 204 }),
]

export const isRead = ({ method }: Example) => method === 'GET'
export const reads = examples.filter(isRead)
export const changes = examples.filter((example) => !isRead(example))
/** The operations that are in a jurisdiction: all but the metrics of the whole account. */
export const placed = examples.filter(({ name }) => name !== 'buckets.metrics.list')
