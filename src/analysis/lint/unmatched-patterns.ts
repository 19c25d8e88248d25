import type { Reach } from '../../policy/compile.ts'
import { matches } from '../../policy/match.ts'
import type { BucketRef } from '../../policy/names.ts'
import { jurisdictionsOf } from '../reach.ts'
import type { Path } from '../reading/source.ts'
import { type Lint, partsOf, type Warning } from './warning.ts'

/** Names and globs under which none of the given buckets is. `*` is not held to it: it means whatever there is. */
export const unmatchedPatterns =
  (buckets: readonly BucketRef[]): Lint =>
  (document) => {
    const unmatched = (reach: Reach, path: Path): Warning[] => {
      const named = jurisdictionsOf(reach)
      const there = buckets.filter(({ jurisdiction }) => named.includes(jurisdiction))
      return reach.buckets.flatMap((pattern, index) => {
        if (pattern === '*' || there.some(({ name }) => matches(pattern, name))) return []
        const elsewhere = buckets.find(({ name }) => matches(pattern, name))
        const but = elsewhere ? `; ${elsewhere.name} is in ${elsewhere.jurisdiction}` : ''
        const message = `${pattern} matches none of the buckets in ${jurisdictionsInWords(reach)}${but}`
        return [{ rule: 'unmatched-pattern', path: [...path, 'buckets', index], message }]
      })
    }
    return [
      ...Object.entries(document.teams).flatMap(([team, { grants }]) =>
        grants.flatMap((grant, index) => unmatched(grant, ['teams', team, 'grants', index])),
      ),
      ...partsOf(document).flatMap(({ path, deny, guardrails }) => [
        ...deny.flatMap((rule, index) => unmatched(rule, [...path, 'deny', index])),
        ...guardrails.flatMap((rule, index) => unmatched(rule, [...path, 'guardrails', index])),
      ]),
    ]
  }

const jurisdictionsInWords = ({ jurisdictions }: Reach) =>
  jurisdictions.includes('*') ? 'any jurisdiction' : jurisdictions.join(', ')
