import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../src/encoding/canonical-json.ts'
import { outcomeOf } from '../../src/lanes/reconcile.ts'
import { operations } from '../../src/routes/index.ts'

/**
 * A second, deliberately naive reading: a world in which a change is done or isn't, and somebody past the warden may
 * have been there too. What is found of it must be the truth, or `unknown`.
 */

interface World {
  readonly operation: string
  readonly body: unknown
  readonly before: unknown
  /** What upstream makes of a configuration when it carries the change out. */
  readonly carriedOut: (there: unknown) => unknown
}

const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 })
const ruleOf = (id: string) => ({ id, enabled: true, condition: { type: 'Indefinite' } })
const rulesOf = (all: readonly string[]) => ({ rules: all.map(ruleOf) })
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })

const replaced = (operation: string, before: fc.Arbitrary<unknown>): fc.Arbitrary<World> =>
  fc
    .record({ body: ids.map(rulesOf), before })
    .map(({ body, before }) => ({ operation, body, before, carriedOut: () => body }))

const managed = fc.tuple(fc.boolean(), fc.boolean()).map(
  ([was, is]): World => ({
    operation: 'buckets.domains.managed.update',
    body: { enabled: is },
    before: { domain: 'pub.r2.dev', enabled: was },
    carriedOut: () => ({ domain: 'pub.r2.dev', enabled: is }),
  }),
)

const tls = fc.constantFrom('1.0', '1.2', '1.3')
const domain = fc
  .tuple(fc.option(tls, { nil: undefined }), fc.boolean(), tls)
  .map(([minTLS, enabled, asked]): World => {
    const there = { domain: 'a.example.com', enabled, ...(minTLS !== undefined && { minTLS }) }
    return {
      operation: 'buckets.domains.custom.update',
      body: { minTLS: asked },
      before: there,
      carriedOut: (now) => ({ ...(now as object), minTLS: asked }),
    }
  })

const removal = (operation: string): fc.Arbitrary<World> =>
  maybe(ids.map(rulesOf)).map((before) => ({ operation, body: undefined, before, carriedOut: () => null }))

const world: fc.Arbitrary<World> = fc.oneof(
  replaced('buckets.locks.update', ids.map(rulesOf)),
  replaced('buckets.lifecycle.update', ids.map(rulesOf)),
  replaced('buckets.cors.update', maybe(ids.map(rulesOf))),
  managed,
  domain,
  removal('buckets.cors.delete'),
  removal('buckets.delete'),
  removal('buckets.domains.custom.delete'),
)

function find({ operation, body, before }: World, now: unknown) {
  const declared = operations.find(({ name }) => name === operation)
  if (!declared) throw new Error(`no operation is called ${operation}`)
  const values = { before: canonicalJson(before), ...(body !== undefined && { body: canonicalJson(body) }) }
  return outcomeOf(declared, values, canonicalJson(now))
}

const isSame = (one: unknown, other: unknown) => canonicalJson(one) === canonicalJson(other)

test('with nobody else about, what is found is the truth wherever there is a trace of it', () => {
  fc.assert(
    fc.property(world, fc.boolean(), (one, isDone) => {
      const now = isDone ? one.carriedOut(one.before) : one.before
      const leavesTrace = !isSame(one.carriedOut(one.before), one.before)
      const truth = isDone ? 'happened' : 'did_not_happen'
      const isRemoval = one.body === undefined
      expect(find(one, now)).toBe(leavesTrace ? truth : isRemoval ? 'did_not_happen' : 'unknown')
    }),
  )
})

test('with somebody else about, nothing is said to be as it was that is not', () => {
  fc.assert(
    fc.property(world, maybe(ids.map(rulesOf)), (one, theirs) => {
      const found = find(one, theirs)
      if (found === 'did_not_happen') expect(theirs).toEqual(one.before)
      if (found === 'happened') expect(find({ ...one, before: theirs }, theirs)).not.toBe('happened')
    }),
  )
})

test('whatever is there, an outcome is found', () => {
  fc.assert(
    fc.property(world, fc.jsonValue(), fc.jsonValue(), (one, before, now) => {
      expect(['happened', 'did_not_happen', 'unknown']).toContain(find({ ...one, before }, now))
    }),
  )
})
