import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KeyScope } from '../../src/policy/document.ts'
import { reach } from '../../src/policy/reach.ts'
import { rounds } from '../rounds.ts'
import { bucketName, bucketPattern, document, question, scope } from './arbitraries.ts'
import { naiveMatches } from './naive.ts'
import { isAllowed, policy, policyOf } from './tools.ts'

function reachOf(buckets: readonly string[], scope: KeyScope | null = null): string[] {
  return reach(policy({ grants: [{ role: 'viewer', buckets }] }, {}, scope), 'buckets.list', 'default').sort()
}

test.each<[string, string[], KeyScope | null, string[]]>([
  ['names and globs are looked for as they are', ['a', 'media-*'], null, ['a', 'media-*']],
  ['a name twice is looked for once', ['a', 'a'], null, ['a']],
  ['a name under a glob is not looked for by itself', ['media-a', 'media-*', 'b'], null, ['b', 'media-*']],
  ['a glob under a wider one is not looked for by itself', ['media-prod-*', 'media-*'], null, ['media-*']],
  ['all buckets are looked for once', ['media-*', 'a', '*'], null, ['*']],
  ['a scope of a name leaves that name', ['media-*'], { buckets: ['media-a', 'data-a'] }, ['media-a']],
  ['a scope of a narrower glob leaves that', ['media-*'], { buckets: ['media-prod-*'] }, ['media-prod-*']],
  ['a scope of a wider glob leaves the grant', ['media-*'], { buckets: ['me*'] }, ['media-*']],
  ['a scope elsewhere leaves nothing', ['media-*'], { buckets: ['data-*'] }, []],
  ['a scope of another jurisdiction leaves nothing', ['media-*'], { jurisdictions: ['eu'] }, []],
  ['a scope without the permission leaves nothing', ['*'], { permissions: ['buckets.delete'] }, []],
])('%s', (_, buckets, scope, expected) => {
  expect(reachOf(buckets, scope)).toEqual(expected)
})

test.each([
  ['media-*', '*-prod'],
  ['*-prod', 'media-*'],
  ['m*-prod', 'media*'],
])('what the grant %s and the scope %s have in common is looked for, rather than missed', (grant, scope) => {
  const [pattern, ...more] = reachOf([grant], { buckets: [scope] })
  expect(more).toEqual([])
  expect(naiveMatches(pattern ?? '', 'media-site-prod')).toBe(true)
})

test('a grant in another jurisdiction is not looked for', () => {
  const given = policy({ grants: [{ role: 'viewer', buckets: ['*'], jurisdictions: ['eu'] }] })
  expect(reach(given, 'buckets.list', 'default')).toEqual([])
  expect(reach(given, 'buckets.list', 'eu')).toEqual(['*'])
})

test('whatever bucket may be listed is within reach', () => {
  fc.assert(
    fc.property(document, scope, question, bucketName, (document, scope, { jurisdiction }, bucket) => {
      const policy = policyOf(document, 'team', scope)
      const facts = { operation: 'buckets.list', jurisdiction, bucket }
      const isWithin = reach(policy, 'buckets.list', jurisdiction).some((found) =>
        naiveMatches(found, bucket),
      )
      expect(!isAllowed(policy, facts) || isWithin).toBe(true)
    }),
    { numRuns: rounds(600) },
  )
})

test('whatever a grant and a scope both name is within reach', () => {
  fc.assert(
    fc.property(bucketPattern, bucketPattern, bucketName, (grant, scope, bucket) => {
      fc.pre(naiveMatches(grant, bucket) && naiveMatches(scope, bucket))
      const isWithin = reachOf([grant], { buckets: [scope] }).some((found) => naiveMatches(found, bucket))
      expect(isWithin).toBe(true)
    }),
    { numRuns: rounds(200) },
  )
})

test('no pattern of a reach is under another of it by a plain beginning', () => {
  fc.assert(
    fc.property(document, scope, question, (document, scope, { jurisdiction }) => {
      const patterns = reach(policyOf(document, 'team', scope), 'buckets.list', jurisdiction)
      const twice = patterns.filter((pattern) =>
        patterns.some(
          (other) =>
            other !== pattern &&
            other.indexOf('*') === other.length - 1 &&
            other !== '' &&
            pattern.startsWith(other.slice(0, -1)),
        ),
      )
      expect(twice).toEqual([])
    }),
    { numRuns: rounds(200) },
  )
})
