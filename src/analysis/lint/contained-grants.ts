import { operationsOf, permissionsOf } from '../permissions.ts'
import { isWithin } from '../reach.ts'
import type { Lint } from './warning.ts'

/** Grants of a team that give nothing beyond another of its grants. Of two that say the same, the second. */
export const containedGrants: Lint = (document) =>
  Object.entries(document.teams).flatMap(([team, { grants }]) => {
    const given = grants.map((grant) => ({
      ...grant,
      operations: operationsOf(permissionsOf(document, grant.role)),
    }))
    const isContained = (inner: number, outer: number) => {
      const [one, other] = [given[inner], given[outer]]
      if (!one || !other || inner === outer) return false
      return isWithin(one, other) && one.operations.every((operation) => other.operations.includes(operation))
    }
    return given.flatMap((_, index) => {
      const by = given.findIndex(
        (_, other) => isContained(index, other) && (other < index || !isContained(other, index)),
      )
      if (by === -1) return []
      const message = `gives nothing beyond teams.${team}.grants[${by}] (${given[by]?.role})`
      return [{ rule: 'contained-grant' as const, path: ['teams', team, 'grants', index], message }]
    })
  })
