import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyPolicy, createKey, emulator } from '../harness.ts'
import { pages, seedUs, us } from './listing.ts'

/** Whatever account, grants, deny rules and scope: the listing is what a naive reading of the policy filters. */

/** Letters at the edges of the order in which upstream lists. */
const letter = fc.constantFrom('a', 'b', 'z', '0', '9', '-')
const edge = fc.constantFrom('a', 'b', 'z', '0', '9')
const name = fc
  .tuple(edge, fc.string({ unit: letter, minLength: 1, maxLength: 3 }), edge)
  .map((parts) => parts.join(''))
const piece = fc
  .string({ unit: fc.oneof(letter, fc.constant('*')), minLength: 1, maxLength: 4 })
  .filter((text) => !text.includes('**'))
const pattern = fc.oneof({ weight: 3, arbitrary: piece }, { weight: 1, arbitrary: name })
const patterns = fc.array(pattern, { minLength: 1, maxLength: 3 })

const situation = fc.record({
  account: fc.uniqueArray(name, { maxLength: 15 }),
  grants: fc.array(patterns, { minLength: 1, maxLength: 2 }),
  deny: fc.option(patterns),
  scope: fc.option(patterns),
  direction: fc.constantFrom('asc', 'desc'),
  perPage: fc.integer({ min: 1, max: 4 }),
  nameContains: fc.option(fc.string({ unit: letter, minLength: 1, maxLength: 2 })),
})
type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never

const byRegExp = (pattern: string, text: string) =>
  new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text)
const someMatch = (patterns: readonly string[], text: string) => patterns.some((one) => byRegExp(one, text))

function naively({ account, grants, deny, scope, direction, nameContains }: Situation): string[] {
  const visible = account.filter(
    (bucket) =>
      someMatch(grants.flat(), bucket) &&
      !someMatch(deny ?? [], bucket) &&
      (scope === null || someMatch(scope, bucket)) &&
      bucket.includes(nameContains ?? ''),
  )
  const ordered = visible.sort((a, b) => (a < b ? -1 : 1))
  return direction === 'asc' ? ordered : ordered.reverse()
}

/** Whether the key may list at all: not when its scope meets none of its grants, or a deny rule takes all. */
async function listed(asked: Situation): Promise<string[][] | null> {
  const { account, grants, deny, scope, direction, perPage, nameContains } = asked
  await emulator.reset()
  await seedUs(...account)
  const rule = (buckets: string[]) => ({ name: 'hidden', permissions: ['buckets.list'], buckets })
  await applyPolicy({
    organization: { deny: deny === null ? [] : [rule(deny)] },
    teams: {
      team: { grants: grants.map((buckets) => ({ role: 'viewer', buckets, jurisdictions: ['us'] })) },
    },
  })
  const key = await createKey('team', scope === null ? null : { buckets: scope })
  const query = { ...us, direction, perPage, ...(nameContains !== null && { nameContains }) }
  try {
    return (await pages(key, query)).map(({ names }) => [...names])
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('expected 403')) return null
    throw error
  }
}

test('a listing, page by page, is what a naive filter gives, and every page but the last is full', async () => {
  await fc.assert(
    fc.asyncProperty(situation, async (asked) => {
      const found = await listed(asked)
      const expected = naively(asked)
      expect((found ?? []).flat()).toEqual(expected)
      const notFull = (found ?? []).slice(0, -1).filter((names) => names.length !== asked.perPage)
      expect(notFull).toEqual([])
    }),
    { numRuns: 150 },
  )
})
