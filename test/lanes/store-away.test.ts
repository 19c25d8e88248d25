import { describe, expect, test } from 'vitest'
import { faultIn } from '../audit/store.ts'
import { applyPolicy, call, createKey, emulator, everything, keyWithGrants } from '../harness.ts'
import { changes, reads } from '../routes/examples.ts'
import { prepare as prepareV1, send } from '../routes/perform.ts'
import { exampleOf, inBoth, prepare, v1 } from './dialects.ts'
import { keyed, keysInUse } from './repeating.ts'
import { create, freshName, slotsOf, teamWith } from './team.ts'
import { away, beginning, during, outcomesIn } from './trail-away.ts'

/** Without the audit trail nothing is changed. */

const CORS = exampleOf('buckets.cors.update')
const LANE = 'bucket:default/media-assets'

async function expectAway(response: Response): Promise<void> {
  expect([response.status, response.headers.get('retry-after')]).toEqual([
    503,
    expect.stringMatching(/^[1-9]/),
  ])
  expect(await response.text()).not.toMatch(/D1_|SQLITE|no such table|disk/)
}

const TROUBLES = [
  { what: 'is away', trouble: away },
  { what: 'takes nothing new', trouble: beginning },
]

describe.each(TROUBLES)('while the trail $what', ({ trouble }) => {
  test.each(inBoth(changes))('$dialect $name is refused, and not sent', async ({ example, spoken }) => {
    const key = await keyWithGrants(everything)
    await prepare(example, key)
    const before = (await emulator.changes()).length
    await expectAway(await during(trouble, () => spoken.send(example, { key })))
    expect(await emulator.changes()).toHaveLength(before)
  })

  test.each(inBoth([CORS]))(
    '$dialect: what is denied is not answered either: nobody tries unseen',
    async (row) => {
      const key = await keyWithGrants()
      await expectAway(await during(trouble, () => row.spoken.send(row.example, { key })))
      expect(await emulator.received()).toEqual([])
    },
  )

  test('what the limit would refuse is not answered either', async () => {
    const team = await teamWith(0)
    await expectAway(await during(trouble, () => create(team, freshName())))
    expect(await emulator.changes()).toEqual([])
  })

  test.each(reads)('$name goes on', async (example) => {
    const key = await keyWithGrants(everything)
    await prepareV1(example, { key })
    expect((await during(trouble, () => send(example, { key }))).status).toBe(200)
  })

  test('a refused creation takes no slot, and a refused change no idempotency key', async () => {
    const team = await teamWith(1)
    await during(trouble, () => create(team, freshName(), keyed(team.key)))
    expect([await slotsOf(team), await keysInUse(team.key)]).toEqual([[], 0])
  })

  test('a repetition of what was done before is not sent again', async () => {
    const key = await keyWithGrants(everything)
    await v1.send(CORS, keyed(key))
    await during(trouble, () => v1.send(CORS, keyed(key)))
    expect(await emulator.changes()).toHaveLength(1)
  })
})

describe.each(TROUBLES)('when the trail that $what is back', ({ trouble }) => {
  test('changes are made, and the chain of their lane is whole', async () => {
    const key = await keyWithGrants(everything)
    await v1.send(CORS, { key })
    await during(trouble, () => Promise.all([v1.send(CORS, { key }), v1.send(CORS, { key })]))
    expect((await v1.send(CORS, { key })).status).toBe(204)
    expect(await faultIn(LANE)).toBeNull()
    expect((await outcomesIn(LANE)).filter((outcome) => outcome !== 'happened')).toEqual([])
    expect(await emulator.changes()).toHaveLength(2)
  })

  test('denials are recorded, and their chain is whole', async () => {
    const team = freshName()
    await applyPolicy({ teams: { [team]: { grants: [] } } })
    const key = await createKey(team)
    await during(trouble, () => v1.send(CORS, { key }))
    expect((await v1.send(CORS, { key })).status).toBe(403)
    expect(await outcomesIn(`denials:${team}`)).toEqual(['denied'])
    expect(await faultIn(`denials:${team}`)).toBeNull()
  })

  test('a change may have the idempotency key of when it was refused', async () => {
    const key = await keyWithGrants(everything)
    await during(trouble, () => v1.send(CORS, keyed(key)))
    const response = await v1.send(CORS, keyed(key))
    expect([response.status, response.headers.get('idempotency-replayed')]).toEqual([204, null])
  })

  test('the limit is what it was', async () => {
    const team = await teamWith(1)
    const [name, other] = [freshName(), freshName()]
    await during(trouble, () => create(team, name))
    const statuses = [(await create(team, name)).status, (await create(team, other)).status]
    expect(statuses).toEqual([201, 403])
    expect([await faultIn(`bucket:default/${name}`), await faultIn(`bucket:default/${other}`)]).toEqual([
      null,
      null,
    ])
  })
})

test('the store of idempotency keys being away keeps only those changes waiting that have one', async () => {
  const key = await keyWithGrants(everything)
  const trouble = {
    by: 'ALTER TABLE idempotency_keys RENAME TO keys_away',
    undone: 'ALTER TABLE keys_away RENAME TO idempotency_keys',
  }
  const [without, withKey] = await during(trouble, async () => [
    await v1.send(CORS, { key }),
    await v1.send(CORS, keyed(key)),
  ])
  expect(without.status).toBe(204)
  await expectAway(withKey)
  expect(await emulator.changes()).toHaveLength(1)
})

test('the store of slots being away lets no bucket be created', async () => {
  const team = await teamWith(1)
  const trouble = {
    by: 'ALTER TABLE bucket_slots RENAME TO slots_away',
    undone: 'ALTER TABLE slots_away RENAME TO bucket_slots',
  }
  await expectAway(await during(trouble, () => create(team, freshName())))
  expect(await emulator.changes()).toEqual([])
})

test('the store being away as a whole keeps even a known key from changing anything', async () => {
  const key = await keyWithGrants(everything)
  await call('/v1/whoami', { key })
  const trouble = { by: 'ALTER TABLE keys RENAME TO k_away', undone: 'ALTER TABLE k_away RENAME TO keys' }
  await expectAway(await during(trouble, () => v1.send(CORS, { key })))
  expect(await emulator.changes()).toEqual([])
})
