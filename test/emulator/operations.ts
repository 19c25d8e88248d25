import { ACCOUNT, bucket, DATA_QUEUE, notifications, ZONE } from './api.ts'

const account = `/client/v4/accounts/${ACCOUNT}`
const keys = { accessKeyId: 'AK', secretAccessKey: 'SK' }

interface Operation {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

/** Every operation once, on the bucket named, each good for a success or a plain refusal. */
export function operations(name: string): Operation[] {
  const own = `/r2/buckets/${name}`
  const queue = notifications(name, `/queues/${DATA_QUEUE}`)
  const domain = `${own}/domains/custom/a.example.com`
  const rule = { id: 'r', enabled: true, conditions: {} }
  return [
    { name: 'buckets.list', method: 'GET', path: '/r2/buckets' },
    { name: 'buckets.create', method: 'POST', path: '/r2/buckets', body: { name } },
    { name: 'buckets.metrics.list', method: 'GET', path: '/r2/metrics' },
    { name: 'buckets.get', method: 'GET', path: own },
    { name: 'buckets.edit', method: 'PATCH', path: own, headers: { 'cf-r2-storage-class': 'Standard' } },
    { name: 'buckets.lifecycle.get', method: 'GET', path: `${own}/lifecycle` },
    { name: 'buckets.lifecycle.update', method: 'PUT', path: `${own}/lifecycle`, body: { rules: [rule] } },
    { name: 'buckets.cors.update', method: 'PUT', path: `${own}/cors`, body: { rules: [] } },
    { name: 'buckets.cors.get', method: 'GET', path: `${own}/cors` },
    { name: 'buckets.cors.delete', method: 'DELETE', path: `${own}/cors` },
    {
      name: 'buckets.domains.custom.create',
      method: 'POST',
      path: `${own}/domains/custom`,
      body: { domain: 'a.example.com', zoneId: ZONE, enabled: true },
    },
    { name: 'buckets.domains.custom.list', method: 'GET', path: `${own}/domains/custom` },
    { name: 'buckets.domains.custom.get', method: 'GET', path: domain },
    { name: 'buckets.domains.custom.update', method: 'PUT', path: domain, body: { enabled: false } },
    { name: 'buckets.domains.custom.delete', method: 'DELETE', path: domain },
    { name: 'buckets.domains.managed.list', method: 'GET', path: `${own}/domains/managed` },
    {
      name: 'buckets.domains.managed.update',
      method: 'PUT',
      path: `${own}/domains/managed`,
      body: { enabled: true },
    },
    {
      name: 'buckets.eventNotifications.update',
      method: 'PUT',
      path: queue,
      body: { rules: [{ actions: ['PutObject'] }] },
    },
    { name: 'buckets.eventNotifications.list', method: 'GET', path: notifications(name) },
    { name: 'buckets.eventNotifications.get', method: 'GET', path: queue },
    { name: 'buckets.eventNotifications.delete', method: 'DELETE', path: queue },
    { name: 'buckets.locks.get', method: 'GET', path: `${own}/lock` },
    { name: 'buckets.locks.update', method: 'PUT', path: `${own}/lock`, body: { rules: [] } },
    {
      name: 'buckets.sippy.update',
      method: 'PUT',
      path: `${own}/sippy`,
      body: {
        source: { provider: 'aws', bucket: 'b', region: 'r', ...keys },
        destination: { provider: 'r2', ...keys },
      },
    },
    { name: 'buckets.sippy.get', method: 'GET', path: `${own}/sippy` },
    { name: 'buckets.sippy.delete', method: 'DELETE', path: `${own}/sippy` },
    { name: 'buckets.delete', method: 'DELETE', path: own },
  ]
}

/** Those that need the bucket to be there. */
export const bucketOperations = (name: string) =>
  operations(name).filter(({ path }) => path.startsWith(bucket(name)) || path.startsWith(notifications(name)))

export const fullPath = (path: string) => account + path
