import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyPolicy, createKey, emulator, everything } from '../harness.ts'
import { DIALECTS } from '../lanes/dialects.ts'
import { changes } from '../routes/examples.ts'
import { faultIn } from './store.ts'
import { idOf, writtenBy } from './written.ts'

/** Whatever callers do at the same time, each lane is one chain that holds from its first record to its last. */

const WHOS = ['one', 'other', 'viewer'] as const

/** But deletions: of a bucket that is gone, a guardrail that compares can read nothing, and then there is no change. */
const kept = changes.filter(({ name }) => name !== 'buckets.delete')

const step = fc.record({
  example: fc.constantFrom(...kept),
  spoken: fc.constantFrom(...DIALECTS),
  who: fc.constantFrom(...WHOS),
  jurisdiction: fc.constantFrom('default', 'eu'),
  fault: fc.option(fc.constantFrom({ status: 400 }, { status: 403 }, { kind: 'rate-limited' }), { freq: 4 }),
})

/** Steps that are done one after the other, each a few requests at once. */
const story = fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 8, maxLength: 8 })

async function keysOfAll(): Promise<Record<(typeof WHOS)[number], string>> {
  const deny = [{ name: 'no-sippy', permissions: ['buckets.sippy.*'], buckets: ['*'] }]
  const guardrails = [{ name: 'kept', locks: { neverWeaken: true } }]
  await applyPolicy({
    teams: {
      one: { grants: [everything], guardrails },
      other: { grants: [everything], deny, limits: { buckets: 1 } },
    },
  })
  const [one, other] = [await createKey('one'), await createKey('other')]
  return { one, other, viewer: await createKey('one', { role: 'viewer' }) }
}

test('every lane is one whole chain after any mix of changes, refusals and denials', async () => {
  const keys = await keysOfAll()
  await fc.assert(
    fc.asyncProperty(story, async (rounds) => {
      const { result: responses, records } = await writtenBy(async () => {
        const answers: Response[] = []
        for (const round of rounds) {
          for (const { example, fault } of round)
            if (fault) await emulator.faults({ operation: example.name, ...fault })
          const asked = round.map(({ example, spoken, who, jurisdiction }) => {
            const place =
              spoken.dialect === 'v1'
                ? { query: `?jurisdiction=${jurisdiction}` }
                : { headers: { 'cf-r2-jurisdiction': jurisdiction } }
            return spoken.send(example, { key: keys[who], ...place })
          })
          answers.push(...(await Promise.all(asked)))
        }
        return answers
      })
      expect(records.map(({ id }) => id).sort()).toEqual(responses.map(idOf).sort())
      for (const lane of new Set(records.map((record) => record.lane))) expect(await faultIn(lane)).toBeNull()
    }),
    { numRuns: 6, endOnFailure: true },
  )
})

test('what is denied at the door is in the lane of the team’s denials, and nothing else is', async () => {
  const keys = await keysOfAll()
  const { records } = await writtenBy(async () => {
    for (const example of changes) for (const who of WHOS) await DIALECTS[0].send(example, { key: keys[who] })
  })
  const isDenial = ({ lane }: { readonly lane: string }) => lane.startsWith('denials:')
  expect(records.filter(isDenial).every(({ outcome }) => outcome === 'denied')).toBe(true)
  const lanes = new Set(records.filter(isDenial).map(({ lane, team }) => `${lane} ${team}`))
  expect(lanes).toEqual(new Set(['denials:one one', 'denials:other other']))
})
