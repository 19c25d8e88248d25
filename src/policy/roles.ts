/** The built-in roles: each is the one before it and more. A document's own roles stand beside them. */

const viewer = ['buckets.list', 'buckets.get', 'buckets.*.list', 'buckets.*.get']
const editor = [
  ...viewer,
  'buckets.edit',
  'buckets.lifecycle.*',
  'buckets.cors.*',
  'buckets.eventNotifications.*',
]
const admin = [
  ...editor,
  'buckets.create',
  'buckets.delete',
  'buckets.domains.*',
  'buckets.locks.*',
  'buckets.sippy.*',
]
const owner = ['*']

export const BUILT_IN_ROLES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({ viewer, editor, admin, owner }),
)
