import { operationsOf, permissionsOf } from '../permissions.ts'
import type { Lint } from './warning.ts'

/** Limits on buckets of teams that no grant lets create any. */
export const idleLimits: Lint = (document) =>
  Object.entries(document.teams).flatMap(([team, { grants, limits }]) => {
    const mayCreate = grants.some(({ role }) =>
      operationsOf(permissionsOf(document, role)).includes('buckets.create'),
    )
    if (limits.buckets === undefined || mayCreate) return []
    const message = 'limits nothing: no grant of the team gives buckets.create'
    return [{ rule: 'idle-limit' as const, path: ['teams', team, 'limits', 'buckets'], message }]
  })
