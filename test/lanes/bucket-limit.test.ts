import { describe, expect, test } from 'vitest'
import { A, envelopeOf } from '../dialects/v4-examples.ts'
import { call, emulator, problemOf } from '../harness.ts'
import { create, freshName, slotsOf, type Team, teamWith, twoTeamsWith } from './team.ts'

/** `limits.buckets`: how many buckets a team may have, exact whatever happens at once. */

const names = (count: number) => Array.from({ length: count }, freshName)
const createV4 = ({ key }: Team, name: string) =>
  call(`${A}/r2/buckets`, { key, method: 'POST', body: { name } })

async function existing({ key }: Team): Promise<string[]> {
  const response = await call('/v1/buckets?perPage=1000&nameContains=crew-bucket', { key })
  const { buckets } = await response.json<{ buckets: { name: string }[] }>()
  return buckets.map(({ name }) => name)
}

describe('200 creations at once under a limit of 10, half of them in each dialect', () => {
  async function rush() {
    const team = await teamWith(10)
    const ask = (name: string, index: number) => (index % 2 ? createV4 : create)(team, name)
    const answers = await Promise.all(names(200).map(ask))
    return {
      team,
      v1: answers.filter((_, index) => index % 2 === 0),
      v4: answers.filter((_, index) => index % 2),
    }
  }

  test('make 10 buckets, take 10 slots, and 190 are told why not', async () => {
    const { team, v1, v4 } = await rush()
    const created = [...v1, ...v4].filter(({ ok }) => ok)
    expect(created).toHaveLength(10)
    expect(await emulator.changes()).toHaveLength(10)
    expect(await slotsOf(team)).toHaveLength(10)
    expect(await existing(team)).toHaveLength(10)

    const refused = v1.filter(({ ok }) => !ok)
    const refusedV4 = v4.filter(({ ok }) => !ok)
    expect(refused.length + refusedV4.length).toBe(190)
    for (const response of refused)
      expect(await problemOf(response)).toMatchObject({
        status: 403,
        code: 'quota_exceeded',
        limit: 10,
        used: 10,
      })
    for (const response of refusedV4) {
      expect([response.status, response.headers.get('x-should-retry')]).toEqual([403, 'false'])
      expect(await envelopeOf(response)).toMatchObject({ success: false, errors: [{ code: 10003 }] })
    }
  })
})

test('a limit of 0 lets nothing be created, and nothing is sent', async () => {
  const team = await teamWith(0)
  const refusal = { status: 403, code: 'quota_exceeded', limit: 0, used: 0 }
  expect(await problemOf(create(team, freshName()))).toMatchObject(refusal)
  expect(await emulator.changes()).toEqual([])
})

test('without a limit every creation goes through', async () => {
  const team = await teamWith()
  const statuses = await Promise.all(names(5).map(async (name) => (await create(team, name)).status))
  expect(statuses).toEqual([201, 201, 201, 201, 201])
})

test('buckets of all jurisdictions count together', async () => {
  const team = await teamWith(2)
  await create(team, freshName())
  await create(team, freshName(), { query: '?jurisdiction=eu' })
  expect((await create(team, freshName(), { query: '?jurisdiction=fedramp' })).status).toBe(403)
})

test('one name in two jurisdictions is two buckets', async () => {
  const team = await teamWith(2)
  const name = freshName()
  await create(team, name)
  await create(team, name, { query: '?jurisdiction=eu' })
  expect(await slotsOf(team)).toEqual([`default/${name}`, `eu/${name}`])
  expect((await create(team, freshName())).status).toBe(403)
})

test('a team has its limit to itself', async () => {
  const [one, other] = await twoTeamsWith(1, 1)
  await create(one, freshName())
  expect((await create(other, freshName())).status).toBe(201)
})

test('two teams at their limits at once get what each may have', async () => {
  const [one, other] = await twoTeamsWith(2, 3)
  const asked = names(12).map((name, index) => create(index % 2 ? one : other, name))
  const created = (await Promise.all(asked)).filter(({ ok }) => ok)
  expect(created).toHaveLength(5)
  expect([await slotsOf(one), await slotsOf(other)].map(({ length }) => length)).toEqual([2, 3])
})

test('a limit that was lowered takes nothing away, and lets nothing more in', async () => {
  const team = await teamWith(2)
  await Promise.all(names(2).map((name) => create(team, name)))
  const lowered = await teamWith(1, team.name)
  const refusal = { code: 'quota_exceeded', limit: 1, used: 2 }
  expect(await problemOf(create(lowered, freshName()))).toMatchObject(refusal)
})

test('buckets that the team did not create do not count', async () => {
  const team = await teamWith(1)
  await emulator.seed({ generate: { count: 20, prefix: team.name } })
  expect((await create(team, freshName())).status).toBe(201)
})

describe('a dry run of a creation', () => {
  test('that the limit allows takes no slot', async () => {
    const team = await teamWith(1)
    expect(await (await create(team, freshName(), { query: '?dryRun=true' })).json()).toMatchObject({
      allowed: true,
    })
    expect(await slotsOf(team)).toEqual([])
  })

  test('over the limit says so, by its name, and sends nothing', async () => {
    const team = await teamWith(0)
    const response = await create(team, freshName(), { query: '?dryRun=true' })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      allowed: false,
      code: 'quota_exceeded',
      decidedBy: { kind: 'limit', rule: 'limits.buckets', limit: 0, used: 0 },
    })
    expect(await emulator.changes()).toEqual([])
  })
})

test('a refusal by the limit is on record as a denial of it', async () => {
  const team = await teamWith(0)
  const { requestId } = await problemOf(create(team, freshName()))
  const response = await call(`/v1/audit/${requestId}`, { key: team.key })
  expect(await response.json()).toMatchObject({
    decision: 'denied',
    outcome: 'denied',
    rule: 'limits.buckets',
    code: 'quota_exceeded',
    upstream: null,
  })
})
