import { abortAllDurableObjects } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'
import { faultIn } from '../audit/store.ts'
import { writtenBy } from '../audit/written.ts'
import { emulator, everything, keyWithGrants, problemOf, until } from '../harness.ts'
import { changes, type Example } from '../routes/examples.ts'
import { exampleOf, inBoth, prepare, v1 } from './dialects.ts'
import { onlyRungAlarms, ring } from './reconciling.ts'
import { keyed } from './repeating.ts'
import { create, freshName, remove, slotsOf, teamWith } from './team.ts'
import { away, closing, during, outcomesIn } from './trail-away.ts'

/** The trail goes away between a change and its closing: the caller is told what happened, the record follows. */

const CORS = exampleOf('buckets.cors.update')
const LANE = 'bucket:default/media-assets'
const laneOf = ({ name }: Example) => (name === 'buckets.create' ? 'bucket:default/media-new' : LANE)

onlyRungAlarms()

describe('a change that cannot be closed', () => {
  test.each(inBoth(changes))('$dialect $name is a success for its caller', async ({ example, spoken }) => {
    const key = await keyWithGrants(everything)
    await prepare(example, key)
    const { records, result } = await writtenBy(() => during(closing, () => spoken.send(example, { key })))
    expect(result.ok).toBe(true)
    expect(records.map(({ outcome }) => outcome)).toEqual(['pending'])
  })

  test.each(changes)('$name is closed by the alarm of its lane, with what came of it', async (example) => {
    const key = await keyWithGrants(everything)
    await prepare(example, key)
    const { records } = await writtenBy(async () => {
      await during(closing, () => v1.send(example, { key }))
      expect(await ring(laneOf(example))).toBe(true)
    })
    expect(records).toMatchObject([{ outcome: 'happened', reconciled: 0, upstreamStatus: 200 }])
    expect(await faultIn(laneOf(example))).toBeNull()
  })

  test('is closed by the next change of its lane, before that begins', async () => {
    const key = await keyWithGrants(everything)
    const { records } = await writtenBy(async () => {
      await during(closing, () => v1.send(CORS, { key }))
      await v1.send({ ...CORS, body: { rules: [] } }, { key })
    })
    expect(records).toMatchObject([
      { outcome: 'happened', reconciled: 0 },
      { outcome: 'happened', reconciled: 0 },
    ])
    expect(records[1]?.beforeDigest).toBe(records[0]?.afterDigest)
    expect(await faultIn(LANE)).toBeNull()
  })

  test('is closed although its lane has been restarted meanwhile', async () => {
    const key = await keyWithGrants(everything)
    const { records } = await writtenBy(async () => {
      await during(closing, async () => {
        await v1.send(CORS, { key })
        await abortAllDurableObjects()
      })
      expect(await ring(LANE)).toBe(true)
    })
    expect(records).toMatchObject([{ outcome: 'happened', reconciled: 0 }])
  })

  test('keeps the next one waiting while the trail is still away, and that is not sent', async () => {
    const key = await keyWithGrants(everything)
    const next = await during(closing, async () => {
      await v1.send(CORS, { key })
      return v1.send(CORS, { key })
    })
    expect(await problemOf(next)).toMatchObject({ status: 503, code: 'unavailable' })
    expect(await emulator.changes()).toHaveLength(1)
  })

  test('is tried again by every alarm until the trail is back', async () => {
    const key = await keyWithGrants(everything)
    await during(closing, async () => {
      await v1.send(CORS, { key })
      for (const _ of [1, 2, 3]) expect(await ring(LANE)).toBe(true)
      expect((await outcomesIn(LANE)).at(-1)).toBe('pending')
    })
    await ring(LANE)
    expect((await outcomesIn(LANE)).at(-1)).toBe('happened')
    expect(await ring(LANE)).toBe(false)
  })

  test('that Cloudflare refused is closed as that', async () => {
    const key = await keyWithGrants(everything)
    await emulator.faults({ operation: CORS.name, status: 409, code: 10073, message: 'Being changed.' })
    const { records, result } = await writtenBy(async () => {
      const answer = await during(closing, () => v1.send(CORS, { key }))
      await ring(LANE)
      return answer
    })
    expect(result.status).toBe(409)
    expect(records).toMatchObject([
      { outcome: 'refused', reconciled: 0, code: 'bucket_conflict', upstreamStatus: 409 },
    ])
  })

  test('has its answer for whoever asks again under its idempotency key', async () => {
    const key = await keyWithGrants(everything)
    const example = exampleOf('buckets.create')
    const first = await during(closing, () => v1.send(example, keyed(key)))
    const again = await v1.send(example, keyed(key))
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true'])
    expect(await again.json()).toEqual(await first.json())
    expect(await emulator.changes()).toHaveLength(1)
  })
})

describe('the slots of a team', () => {
  test('count a creation that is not closed yet', async () => {
    const team = await teamWith(1)
    await during(closing, () => create(team, freshName()))
    expect((await create(team, freshName())).status).toBe(403)
    expect(await slotsOf(team)).toHaveLength(1)
  })

  test('are given back by a refused creation when that is closed', async () => {
    const team = await teamWith(1)
    await during(closing, () => create(team, 'media-assets'))
    await ring(LANE)
    expect((await create(team, freshName())).status).toBe(201)
  })

  test('are freed by a deletion when that is closed, and not twice', async () => {
    const team = await teamWith(1)
    const name = freshName()
    await create(team, name)
    expect((await during(closing, () => remove(team, name))).status).toBe(204)
    await create(team, name)
    await ring(`bucket:default/${name}`)
    expect(await slotsOf(team)).toEqual([`default/${name}`])
  })
})

test('a trail that goes away altogether after the intent is caught up with', async () => {
  const key = await keyWithGrants(everything)
  await emulator.hold({ operation: CORS.name })
  const { records } = await writtenBy(async () => {
    const changing = v1.send(CORS, { key })
    await until(async () => (await emulator.changes()).length === 1)
    const finished = async () => {
      await emulator.noMoreFaults()
      return changing
    }
    expect((await during(away, finished)).status).toBe(204)
    await ring(LANE)
  })
  expect(records).toMatchObject([{ outcome: 'happened', reconciled: 0 }])
  expect(await faultIn(LANE)).toBeNull()
})
