import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { smallestGrant } from '../../src/policy/explain.ts'
import { operationNames } from '../../src/routes/index.ts'
import { rounds } from '../rounds.ts'
import { bucketName } from './arbitraries.ts'
import { answer, isAllowed, listingIn, on, parse, policy } from './tools.ts'

const nothing = policy({})
const told = (...asked: Parameters<typeof on>) => answer(nothing, on(...asked))

test('what is missing is told by team, operation, bucket and jurisdiction', () => {
  const { message } = told('buckets.cors.update', 'media-assets', 'eu')
  for (const word of ['team', 'buckets.cors.update', 'media-assets', 'eu']) expect(message).toContain(word)
})

test('what is missing on the whole account is told as that', () => {
  expect(told('buckets.metrics.list', null)).toMatchObject({
    message: expect.stringContaining('the whole account'),
    missing: { permission: 'buckets.metrics.list', bucket: null },
  })
})

test('a listing that is refused is told as one of any bucket', () => {
  expect(answer(nothing, listingIn('us'))).toMatchObject({ message: expect.stringContaining('any bucket') })
})

test('a refusal tells nothing of other teams, their grants or their rules', () => {
  const other = {
    grants: [{ role: 'owner', buckets: ['secret-project'] }],
    deny: [{ name: 'secret-rule', permissions: ['*'], buckets: ['*'] }],
  }
  const refusal = answer(policy({}, { teams: { 'secret-team': other } }), on('buckets.get', 'media-assets'))
  expect(JSON.stringify(refusal)).not.toContain('secret')
})

/** A policy in which the team has nothing but what was offered to paste. */
function withPasted(text: string) {
  const pasted: unknown = { version: 1, ...parseYaml(text) }
  const { data, error } = parse(pasted)
  expect(error).toBeUndefined()
  return policy(data?.teams.team ?? {}, { roles: data?.roles })
}

test.each(operationNames)('the smallest grant of %s allows it, pasted as it is', (operation) => {
  const facts = on(operation, 'media-assets', 'eu')
  expect(isAllowed(withPasted(smallestGrant('team', facts)), facts)).toBe(true)
})

test('the smallest grant allows nothing but what was asked', () => {
  const place = fc.record({
    operation: fc.constantFrom(...operationNames),
    bucket: bucketName,
    jurisdiction: fc.constantFrom('default' as const, 'eu' as const),
  })
  fc.assert(
    fc.property(place, place, (asked, other) => {
      const isSame = JSON.stringify(asked) === JSON.stringify(other)
      expect(isAllowed(withPasted(smallestGrant('team', asked)), other)).toBe(isSame)
    }),
    { numRuns: rounds(100) },
  )
})

test('the smallest grant of an operation on the whole account is on all buckets', () => {
  const facts = on('buckets.metrics.list', null)
  expect(isAllowed(withPasted(smallestGrant('team', facts)), facts)).toBe(true)
})
