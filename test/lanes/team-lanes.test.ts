import { createScheduledController } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import worker from '../../src/index.ts'
import { takeSlot } from '../../src/store/bucket-slots.ts'
import { faultIn, store } from '../audit/store.ts'
import { writeLane } from '../audit/trail.ts'
import { call, emulator, problemOf, run } from '../harness.ts'
import { anHourLater, outcomeOfRecord } from './reconciling.ts'
import { create, freshName, slotsOf, type Team, teamWith } from './team.ts'

/** Earlier versions made all creations of a team in a lane of the team's. What one has left pending there is settled there. */

/** A creation as such a version left it: on record, with its slot, and nobody knows how it ended. */
async function leftPending(team: Team) {
  const name = freshName()
  const id = crypto.randomUUID()
  const lane = `team:${team.name}`
  const said = { team: team.name, operation: 'buckets.create', bucket: name, values: valuesOf(name) }
  await store(await writeLane(lane, [{ ...said, id, at: Date.now(), outcome: 'pending' }]))
  await run([takeSlot({ team: team.name, limit: null }, { jurisdiction: 'default', name }, id)])
  return { name, id, lane }
}

const valuesOf = (name: string) => ({ body: JSON.stringify({ name }), before: 'null' })

const remind = () =>
  worker.scheduled(createScheduledController({ scheduledTime: new Date(), cron: '17 * * * *' }), env)

describe('a creation that is pending in the lane of its team', () => {
  test('keeps every change of its bucket waiting, and nothing is sent', async () => {
    const team = await teamWith()
    const { name } = await leftPending(team)
    const cors = await call(`/v1/buckets/${name}/lifecycle`, {
      key: team.key,
      method: 'PUT',
      body: { rules: [] },
    })
    for (const response of [await create(team, name), cors]) {
      expect(response.headers.get('retry-after')).toBe('5')
      expect(await problemOf(response)).toMatchObject({ status: 503, code: 'unavailable' })
    }
    expect(await emulator.changes()).toEqual([])
  })

  test('keeps no other creation of the team waiting', async () => {
    const team = await teamWith()
    await leftPending(team)
    expect((await create(team, freshName())).status).toBe(201)
  })

  test('is settled when the clock reminds that lane, and gives its slot back if nothing came of it', async () => {
    const team = await teamWith(1)
    const { name, id, lane } = await leftPending(team)
    await anHourLater(remind)
    expect([await outcomeOfRecord(id), await slotsOf(team)]).toEqual(['did_not_happen', []])
    expect(await faultIn(lane)).toBeNull()
    expect((await create(team, name)).status).toBe(201)
  })

  test('is settled as what happened when the bucket is there, and keeps its slot', async () => {
    const team = await teamWith(1)
    const { name, id } = await leftPending(team)
    await emulator.seed({ buckets: [{ name }] })
    await anHourLater(remind)
    expect([await outcomeOfRecord(id), await slotsOf(team)]).toEqual(['happened', [`default/${name}`]])
  })
})
