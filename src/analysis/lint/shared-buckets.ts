import { operationNamed } from '../../routes/index.ts'
import { meet } from '../reach.ts'
import { operationsLeft } from './swallowed-grants.ts'
import type { Lint } from './warning.ts'

/** Two teams that may change the same buckets. Who holds `*` is meant to: it says so of every other team. */
export const sharedBuckets: Lint = (document) => {
  const changing = Object.entries(document.teams).map(([team, part]) => ({
    team,
    grants: part.grants.flatMap((grant, index) => {
      const isChange = (name: string) => operationNamed(name)?.changes !== undefined
      const isOwn = !grant.buckets.includes('*')
      return isOwn && operationsLeft(document, part, grant).some(isChange) ? [{ grant, index }] : []
    }),
  }))
  return changing.flatMap(({ team, grants }, place) =>
    grants.flatMap(({ grant, index }) => {
      const others = changing
        .slice(0, place)
        .filter((other) => other.grants.some((one) => meet(grant, one.grant)))
        .map((other) => other.team)
      if (others.length === 0) return []
      const message = `may change buckets that ${others.join(' and ')} may change too`
      return [{ rule: 'shared-buckets' as const, path: ['teams', team, 'grants', index], message }]
    }),
  )
}
