import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test } from 'vitest'
import { findSlots, isFull, listSlots, takeLook, takeSlot, vacateSlot } from '../../src/store/bucket-slots.ts'
import { clear, put } from '../audit/records.ts'
import { run } from '../harness.ts'

/** Slots are counted and taken in one statement, and freed only where nothing has happened since. */

const { DB } = env
const TEAM = 'slots'
const A_MINUTE_MS = 60_000

const bucket = (name: string) => ({ jurisdiction: 'default', name }) as const
const take = (name: string, limit: number | null, auditId = name) =>
  takeSlot({ team: TEAM, limit }, bucket(name), auditId)
const used = async () => (await findSlots(DB, TEAM, bucket('none'))).used

beforeEach(async () => {
  await clear()
  await run(['DELETE FROM bucket_slots', 'DELETE FROM bucket_looks'])
})

describe('a slot', () => {
  test('is taken up to the limit, and no further', async () => {
    await run([take('one', 2), take('two', 2)])
    await expect(run([take('three', 2)])).rejects.toSatisfy(isFull)
    expect(await used()).toBe(2)
  })

  test('that can’t be taken undoes its whole batch', async () => {
    await expect(run([take('one', 1), take('two', 1)])).rejects.toSatisfy(isFull)
    expect(await used()).toBe(0)
  })

  test('is kept by a bucket that has one, at the limit and over it', async () => {
    await run([take('one', 2), take('two', 2)])
    await run([take('one', 1, 'again')])
    expect((await listSlots(DB, TEAM, 9)).map(({ auditId }) => auditId).sort()).toEqual(['one', 'two'])
  })

  test('is there for everyone where there is no limit', async () => {
    await run(['one', 'two', 'three'].map((name) => take(name, null)))
    expect(await used()).toBe(3)
  })

  test('other failures of the store are none of a full team', async () => {
    await expect(run(['INSERT INTO nowhere VALUES (1)'])).rejects.not.toSatisfy(isFull)
  })
})

describe('the slot of a bucket that was seen to be gone', () => {
  async function listed() {
    await run([take('gone', null)])
    const [slot] = await listSlots(DB, TEAM, 9)
    if (!slot) throw new Error('it is not listed')
    return slot
  }

  test('is freed', async () => {
    await run([vacateSlot(await listed())])
    expect(await used()).toBe(0)
  })

  test('is kept when the bucket has been created again meanwhile', async () => {
    const slot = await listed()
    await put({ operation: 'buckets.create', bucket: 'gone' })
    await run([vacateSlot(slot)])
    expect(await used()).toBe(1)
  })

  test('is freed whatever happens to its name in another jurisdiction', async () => {
    const slot = await listed()
    await put({ operation: 'buckets.create', bucket: 'gone', jurisdiction: 'eu' })
    await run([vacateSlot(slot)])
    expect(await used()).toBe(0)
  })

  test('is not even looked for while a change of the bucket is pending', async () => {
    await run([take('gone', null), take('other', null)])
    await put({ operation: 'buckets.create', bucket: 'gone', outcome: 'pending', hash: null })
    expect((await listSlots(DB, TEAM, 9)).map(({ name }) => name)).toEqual(['other'])
  })
})

describe('a look at a team’s buckets', () => {
  const look = (now: number, team = TEAM) => takeLook(DB, team, now, A_MINUTE_MS)

  test('is one’s alone', async () => {
    const looks = await Promise.all(Array.from({ length: 5 }, () => look(1_000)))
    expect(looks.filter(Boolean)).toHaveLength(1)
  })

  test('is due again after its time, and not before', async () => {
    const looks = []
    for (const now of [0, A_MINUTE_MS - 1, A_MINUTE_MS, A_MINUTE_MS + 1]) looks.push(await look(now))
    expect(looks).toEqual([true, false, true, false])
  })

  test('is each team’s own', async () => {
    expect([await look(0), await look(0, 'another')]).toEqual([true, true])
  })
})
