/** What each built-in role may do, written out operation by operation: the promise, not the patterns behind it. */

const VIEWER = [
  'buckets.list',
  'buckets.get',
  'buckets.lifecycle.get',
  'buckets.cors.get',
  'buckets.domains.custom.list',
  'buckets.domains.custom.get',
  'buckets.domains.managed.list',
  'buckets.eventNotifications.list',
  'buckets.eventNotifications.get',
  'buckets.locks.get',
  'buckets.metrics.list',
  'buckets.sippy.get',
]

const EDITOR = [
  ...VIEWER,
  'buckets.edit',
  'buckets.lifecycle.update',
  'buckets.cors.update',
  'buckets.cors.delete',
  'buckets.eventNotifications.update',
  'buckets.eventNotifications.delete',
]

const ADMIN = [
  ...EDITOR,
  'buckets.create',
  'buckets.delete',
  'buckets.domains.custom.create',
  'buckets.domains.custom.update',
  'buckets.domains.custom.delete',
  'buckets.domains.managed.update',
  'buckets.locks.update',
  'buckets.sippy.update',
  'buckets.sippy.delete',
]

/** All of R2, as Cloudflare's SDKs name it. */
export const ALL_OPERATIONS: readonly string[] = ADMIN

export const ROLE_TABLE: ReadonlyMap<string, readonly string[]> = new Map([
  ['viewer', VIEWER],
  ['editor', EDITOR],
  ['admin', ADMIN],
  ['owner', ALL_OPERATIONS],
])
