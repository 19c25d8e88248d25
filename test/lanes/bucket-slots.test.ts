import { describe, expect, test } from 'vitest'
import { emulator, problemOf, settleLanes, until } from '../harness.ts'
import { ringLater } from './reconciling.ts'
import { create, freshName, remove, slotsOf, teamWith, twoTeamsWith } from './team.ts'

/** When a slot is taken, kept, freed and given back. */

const LOST = { operation: 'buckets.create', kind: 'broken-connection' } as const

describe('a deletion', () => {
  test('frees the slot', async () => {
    const team = await teamWith(1)
    const name = freshName()
    await create(team, name)
    expect((await create(team, freshName())).status).toBe(403)
    expect((await remove(team, name)).status).toBe(204)
    expect((await create(team, freshName())).status).toBe(201)
  })

  test('by another team frees the slot of the team that created the bucket', async () => {
    const [team, other] = await twoTeamsWith(1, 1)
    const name = freshName()
    await create(team, name)
    await remove(other, name)
    expect([await slotsOf(team), await slotsOf(other)]).toEqual([[], []])
    expect((await create(team, freshName())).status).toBe(201)
  })

  test('of one that has its name in another jurisdiction frees nothing', async () => {
    const team = await teamWith(2)
    const name = freshName()
    await create(team, name)
    await create(team, name, { query: '?jurisdiction=eu' })
    await remove(team, name, { query: '?jurisdiction=eu' })
    expect(await slotsOf(team)).toEqual([`default/${name}`])
  })

  test('that Cloudflare refuses frees nothing', async () => {
    const team = await teamWith(1)
    const name = freshName()
    await create(team, name)
    await emulator.seed({ buckets: [{ name, objects: 3 }] })
    expect((await remove(team, name)).status).toBe(409)
    expect(await slotsOf(team)).toEqual([`default/${name}`])
  })

  test('that is only tried frees nothing', async () => {
    const team = await teamWith(1)
    const name = freshName()
    await create(team, name)
    const dry = await remove(team, name, { query: '?dryRun=true' })
    expect([dry.status, await slotsOf(team)]).toEqual([200, [`default/${name}`]])
  })

  test('whose answer was lost frees the slot when it is settled', async () => {
    const team = await teamWith(1)
    const name = freshName()
    await create(team, name)
    await emulator.faults({ ...LOST, operation: 'buckets.delete', applied: true })
    expect((await remove(team, name)).status).toBe(502)
    await settleLanes()
    expect(await slotsOf(team)).toEqual([])
  })

  test('whose answer comes after the bucket was created again leaves the new one its slot', async () => {
    const team = await teamWith(1)
    const name = freshName()
    await create(team, name)
    await emulator.faults({ operation: 'buckets.delete', applied: true, delayMs: 500 })
    const removing = remove(team, name)
    await until(async () => (await emulator.changes()).some(({ method }) => method === 'DELETE'))
    expect((await create(team, name)).status).toBe(201)
    expect((await removing).status).toBe(204)
    expect(await slotsOf(team)).toEqual([`default/${name}`])
  })
})

describe('a creation that is refused gives its slot back', () => {
  test('because the bucket exists', async () => {
    const team = await teamWith(1)
    expect((await create(team, 'media-assets')).status).toBe(409)
    expect(await slotsOf(team)).toEqual([])
    expect((await create(team, freshName())).status).toBe(201)
  })

  test('because the account has too many buckets', async () => {
    const team = await teamWith(1)
    await emulator.seed({ bucketLimit: 1 })
    expect(await problemOf(create(team, freshName()))).toMatchObject({ code: 'too_many_buckets' })
    expect(await slotsOf(team)).toEqual([])
  })

  test.each([400, 401, 403, 404, 409, 429])('with %i', async (status) => {
    const team = await teamWith(1)
    await emulator.faults({ operation: 'buckets.create', status })
    expect((await create(team, freshName())).ok).toBe(false)
    expect(await slotsOf(team)).toEqual([])
  })
})

describe('an own bucket that is created again', () => {
  test('keeps its one slot', async () => {
    const team = await teamWith(2)
    const name = freshName()
    await create(team, name)
    expect((await create(team, name)).status).toBe(409)
    expect(await slotsOf(team)).toEqual([`default/${name}`])
  })

  test('at the limit is told that it exists, not that there are too many', async () => {
    const team = await teamWith(1)
    const name = freshName()
    await create(team, name)
    expect(await problemOf(create(team, name))).toMatchObject({ code: 'bucket_exists' })
  })

  test('after its deletion takes a slot again', async () => {
    const team = await teamWith(1)
    const name = freshName()
    await create(team, name)
    await remove(team, name)
    await create(team, name)
    expect(await slotsOf(team)).toEqual([`default/${name}`])
  })
})

test('a bucket that was deleted past the warden and created by another team counts for that one', async () => {
  const [team, other] = await twoTeamsWith(1, 1)
  const name = freshName()
  await create(team, name)
  await emulator.reset()
  await create(other, name)
  expect([await slotsOf(team), await slotsOf(other)]).toEqual([[], [`default/${name}`]])
})

test('a team that has all its buckets, some of them deleted past the warden, may create others', async () => {
  const team = await teamWith(2)
  await create(team, freshName())
  await emulator.reset()
  const name = freshName()
  await create(team, name)
  expect((await create(team, freshName())).status).toBe(201)
  expect(await slotsOf(team)).toHaveLength(2)
})

describe('a creation whose answer is lost', () => {
  test('keeps its slot while nothing is known of it', async () => {
    const team = await teamWith(1)
    const name = freshName()
    await emulator.faults({ ...LOST, applied: true })
    expect((await create(team, name)).status).toBe(502)
    expect(await slotsOf(team)).toEqual([`default/${name}`])
  })

  test('keeps its slot when it is found to have happened, and the limit holds', async () => {
    const team = await teamWith(1)
    const name = freshName()
    await emulator.faults({ ...LOST, applied: true })
    await create(team, name)
    expect(await problemOf(create(team, freshName()))).toMatchObject({ code: 'quota_exceeded', used: 1 })
    expect(await slotsOf(team)).toEqual([`default/${name}`])
  })

  test('keeps the next creation of its bucket waiting while it may still arrive', async () => {
    const team = await teamWith(2)
    const name = freshName()
    await emulator.faults(LOST)
    await create(team, name)
    const response = await create(team, name)
    expect(response.headers.get('retry-after')).toMatch(/^[1-9][0-9]*$/)
    expect(await problemOf(response)).toMatchObject({ status: 503, code: 'unavailable' })
    expect(await emulator.changes()).toHaveLength(1)
  })

  test('gives its slot back when it is found not to have happened', async () => {
    const team = await teamWith(1)
    await emulator.faults(LOST)
    await create(team, freshName())
    await settleLanes()
    expect(await slotsOf(team)).toEqual([])
    expect((await create(team, freshName())).status).toBe(201)
  })

  test('does not lose the slot of a bucket that was there before', async () => {
    const team = await teamWith(1)
    const name = freshName()
    await create(team, name)
    await emulator.faults(LOST)
    await create(team, name)
    await settleLanes()
    expect(await slotsOf(team)).toEqual([`default/${name}`])
  })
})

test('a creation that met a 500 and did nothing gives its slot back when its lane has looked', async () => {
  const team = await teamWith(1)
  const name = freshName()
  await emulator.faults({ operation: 'buckets.create', status: 500 })
  expect((await create(team, name)).status).toBe(502)
  await ringLater(`bucket:default/${name}`)
  expect((await create(team, freshName())).status).toBe(201)
})

test('a creation that met a 500 although it was done keeps its slot', async () => {
  const team = await teamWith(1)
  await emulator.faults({ operation: 'buckets.create', status: 500, applied: true })
  expect((await create(team, freshName())).status).toBe(502)
  expect((await create(team, freshName())).status).toBe(403)
})
