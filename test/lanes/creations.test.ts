import { describe, expect, test, vi } from 'vitest'
import { idOf } from '../audit/written.ts'
import { emulator, problemOf, until } from '../harness.ts'
import { outcomeOfRecord } from './reconciling.ts'
import { create, freshName, slotsOf, type Team, teamWith, twoTeamsWith } from './team.ts'

/** Creations of one team share a limit and nothing else: each is in the lane of its own bucket. */

const LOST = { operation: 'buckets.create', kind: 'broken-connection' } as const

const isUnderWay = async () => (await emulator.changes()).some(({ status }) => status === null)

/** Begins a creation that stays at Cloudflare until it is let go. */
async function createHeld(team: Team, name: string) {
  await emulator.hold({ operation: 'buckets.create' })
  const creating = create(team, name)
  await until(isUnderWay)
  const letGo = async () => {
    await emulator.noMoreFaults()
    return creating
  }
  return { letGo }
}

describe('a creation keeps no other of its team waiting', () => {
  test('while it is under way', async () => {
    const team = await teamWith(2)
    const { letGo } = await createHeld(team, freshName())
    expect((await create(team, freshName())).status).toBe(201)
    expect(await isUnderWay()).toBe(true)
    expect((await letGo()).status).toBe(201)
  })

  test('when its answer is lost, for as long as nobody knows of it', async () => {
    const team = await teamWith(3)
    await emulator.faults({ ...LOST, applied: true })
    const lost = idOf(await create(team, freshName()))
    expect((await create(team, freshName())).status).toBe(201)
    expect(await outcomeOfRecord(lost)).toBe('pending')
  })

  test('in another jurisdiction, of the same name', async () => {
    const team = await teamWith(2)
    const name = freshName()
    const { letGo } = await createHeld(team, name)
    expect((await create(team, name, { query: '?jurisdiction=eu' })).status).toBe(201)
    expect(await isUnderWay()).toBe(true)
    expect((await letGo()).status).toBe(201)
    expect(await slotsOf(team)).toEqual([`default/${name}`, `eu/${name}`])
  })

  test('and has its slot meanwhile', async () => {
    const team = await teamWith(1)
    const { letGo } = await createHeld(team, freshName())
    expect(await problemOf(create(team, freshName()))).toMatchObject({
      code: 'quota_exceeded',
      limit: 1,
      used: 1,
    })
    expect((await letGo()).status).toBe(201)
    expect(await emulator.changes()).toHaveLength(1)
  })
})

test('one name created many times at once is created once, and takes one slot', async () => {
  const team = await teamWith(2)
  const name = freshName()
  const statuses = await Promise.all(Array.from({ length: 5 }, async () => (await create(team, name)).status))
  expect(statuses.sort()).toEqual([201, 409, 409, 409, 409])
  expect(await slotsOf(team)).toEqual([`default/${name}`])
})

test('the last slot goes to one of two jurisdictions', async () => {
  const team = await teamWith(1)
  const name = freshName()
  const asked = ['', '?jurisdiction=eu', '?jurisdiction=fedramp'].map((query) =>
    create(team, name, { query }),
  )
  const statuses = (await Promise.all(asked)).map(({ status }) => status)
  expect(statuses.sort()).toEqual([201, 403, 403])
  expect(await slotsOf(team)).toHaveLength(1)
})

/** A team comes to the last slots: who is too late is told so as if it had come later, and is on record. */
test('a creation that finds a free slot and loses it while it reads is refused and recorded like every other', async () => {
  const team = await teamWith(1)
  await emulator.hold({ operation: 'buckets.get', times: 4 })
  const asked = Promise.all(Array.from({ length: 4 }, () => create(team, freshName())))
  await until(async () => (await emulator.received()).length === 4)
  await emulator.noMoreFaults()
  const answers = await asked
  const late = answers.filter(({ status }) => status !== 201)
  expect(late).toHaveLength(3)
  for (const response of late) {
    expect(await outcomeOfRecord(idOf(response))).toBe('denied')
    expect(await problemOf(response)).toMatchObject({ code: 'quota_exceeded', limit: 1, used: 1 })
  }
})

describe('a full team’s buckets are looked for at Cloudflare', () => {
  const A_MINUTE_MS = 60_000

  /** How often a bucket was read. */
  const looksFor = async (name: string) =>
    (await emulator.received()).filter(({ method, path }) => method === 'GET' && path.endsWith(`/${name}`))
      .length

  async function fullTeam() {
    const team = await teamWith(1)
    const name = freshName()
    await create(team, name)
    await emulator.reset()
    await emulator.seed({ buckets: [{ name }] })
    return { team, name }
  }

  test('once, however many creations at once are too many', async () => {
    const { team, name } = await fullTeam()
    await Promise.all(Array.from({ length: 20 }, () => create(team, freshName())))
    expect(await looksFor(name)).toBe(1)
  })

  test('not again within a minute, and again after it', async () => {
    const { team, name } = await fullTeam()
    await create(team, freshName())
    await create(team, freshName())
    expect(await looksFor(name)).toBe(1)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + A_MINUTE_MS })
    await create(team, freshName())
    vi.useRealTimers()
    expect(await looksFor(name)).toBe(2)
  })

  test('whoever else has just looked for those of another team', async () => {
    const [one, other] = await twoTeamsWith(1, 1)
    const [name, others] = [freshName(), freshName()]
    await create(one, name)
    await create(other, others)
    await emulator.reset()
    await emulator.seed({ buckets: [{ name }, { name: others }] })
    await Promise.all([create(one, freshName()), create(other, freshName())])
    expect([await looksFor(name), await looksFor(others)]).toEqual([1, 1])
  })

  test('but for one that is just being created: it isn’t there, and keeps its slot', async () => {
    const team = await teamWith(1)
    const name = freshName()
    const { letGo } = await createHeld(team, name)
    expect((await create(team, freshName())).status).toBe(403)
    expect((await letGo()).status).toBe(201)
    expect(await slotsOf(team)).toEqual([`default/${name}`])
  })
})
