import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { call, emulator, everything, keyWithGrants, until } from '../harness.ts'
import { rounds } from '../rounds.ts'
import { create, freshName, teamWith } from './team.ts'

/** Changes of one bucket are made one after the other, and those of different buckets side by side. */

const LIFECYCLE = '/v1/buckets/media-assets/lifecycle'

const rule = (id: string, prefix: string) => ({
  id,
  enabled: true,
  conditions: { prefix },
  deleteObjectsTransition: { condition: { type: 'Age', maxAge: 86_400 } },
})

const document = z.object({
  rules: z.array(z.object({ id: z.string(), conditions: z.object({ prefix: z.string() }) })),
})

async function read(key: string) {
  const response = await call(LIFECYCLE, { key })
  return { tag: response.headers.get('etag') ?? '', ...document.parse(await response.json()) }
}

const put = (key: string, rules: readonly unknown[], headers: Record<string, string> = {}) =>
  call(LIFECYCLE, { key, method: 'PUT', body: { rules }, headers })

describe('two writers of one document', () => {
  const ROUNDS = rounds()

  /** Adds one, as often as it is told to; gives how often it had to read anew. */
  async function count(key: string, times: number): Promise<number> {
    let [done, repeated] = [0, 0]
    while (done < times) {
      const { tag, rules } = await read(key)
      const next = Number(rules[0]?.conditions.prefix ?? 0) + 1
      const { status } = await put(key, [rule('count', String(next))], { 'if-match': tag })
      if (status === 204) done++
      else if (status === 412) repeated++
      else throw new Error(`a write was answered ${status}`)
    }
    return repeated
  }

  test(`lose nothing in ${ROUNDS} rounds with If-Match`, async () => {
    const key = await keyWithGrants(everything)
    await put(key, [rule('count', '0')])
    const repeated = await Promise.all([count(key, ROUNDS / 2), count(key, ROUNDS / 2)])
    expect((await read(key)).rules.map(({ conditions }) => conditions.prefix)).toEqual([String(ROUNDS)])
    expect(await emulator.changes()).toHaveLength(ROUNDS + 1)
    expect(repeated[0] + repeated[1]).toBeGreaterThan(0)
  })
})

test('what two writers write without If-Match is wholly one’s or wholly the other’s, at every moment', async () => {
  const key = await keyWithGrants(everything)
  const written = (writer: string, round: number) =>
    Array.from({ length: 1 + (round % 4) }, (_, index) => rule(`${index}`, `${writer}-${round}`))
  const write = async (writer: string) => {
    for (let round = 0; round < 20; round++) expect((await put(key, written(writer, round))).status).toBe(204)
  }
  let isWriting = true
  const watch = async () => {
    while (isWriting) expectWhole((await read(key)).rules)
  }
  const watching = watch()
  await Promise.all([write('one'), write('other')])
  isWriting = false
  await watching
  for (const { body } of await emulator.changes()) expectWhole(document.parse(JSON.parse(body)).rules)
})

/** All rules of one write, and no other. */
function expectWhole(rules: z.output<typeof document>['rules']): void {
  const [prefix = 'one-0'] = new Set(rules.map(({ conditions }) => conditions.prefix))
  const round = Number(prefix.split('-')[1])
  if (prefix === '') return // as Cloudflare makes it, before the first write
  expect(rules.map(({ conditions }) => conditions.prefix)).toEqual(Array(1 + (round % 4)).fill(prefix))
}

test('each record of a bucket begins where the one before it ended', async () => {
  const key = await keyWithGrants(everything)
  await Promise.all(Array.from({ length: 20 }, (_, index) => put(key, [rule('one', String(index))])))
  const query = `SELECT before_digest AS before, after_digest AS after FROM audit
    WHERE lane = 'bucket:default/media-assets' ORDER BY sequence DESC LIMIT 20`
  const { results } = await env.DB.prepare(query).all<{ before: string; after: string }>()
  const inOrder = results.reverse()
  expect(inOrder.map(({ before }) => before).slice(1)).toEqual(inOrder.map(({ after }) => after).slice(0, -1))
})

/** The changes that are under way at one moment, each as its place. */
async function underWay(): Promise<string[]> {
  const open = (await emulator.changes()).filter(({ status }) => status === null)
  return open.map(({ path, headers }) => `${headers['cf-r2-jurisdiction'] ?? 'default'} ${path}`)
}

/** Looks again and again at what is under way until something has ended. */
async function watchUntil(ended: Promise<unknown>): Promise<string[][]> {
  const seen: string[][] = []
  let isEnded = false
  const noted = ended.then(() => {
    isEnded = true
  })
  while (!isEnded) {
    seen.push(await underWay())
    await scheduler.wait(3)
  }
  await noted
  return seen
}

const mostAtOnce = (seen: readonly string[][]) => Math.max(...seen.map(({ length }) => length))
const areApart = (places: readonly string[]) => new Set(places).size === places.length

test('changes of one bucket never overlap, those of others and of its name elsewhere run meanwhile', async () => {
  const key = await keyWithGrants(everything)
  await emulator.hold({ operation: 'buckets.lifecycle.update', times: 16 })
  const places = [LIFECYCLE, `${LIFECYCLE}?jurisdiction=eu`, '/v1/buckets/data-lake/lifecycle']
  const asked = places.flatMap((place) =>
    Array.from({ length: 5 }, (_, index) =>
      call(place, { key, method: 'PUT', body: { rules: [rule('one', String(index))] } }),
    ),
  )
  const watching = watchUntil(Promise.all(asked))
  await until(async () => (await underWay()).length === places.length)
  await emulator.noMoreFaults()
  const seen = await watching
  expect(seen.filter((places) => !areApart(places))).toEqual([])
  expect(mostAtOnce(seen)).toBe(places.length)
  expect(await emulator.changes()).toHaveLength(15)
})

test('a bucket waits for none of its name in another jurisdiction', async () => {
  const key = await keyWithGrants(everything)
  await emulator.hold({ operation: 'buckets.lifecycle.update', times: 2 })
  const places = [LIFECYCLE, `${LIFECYCLE}?jurisdiction=eu`]
  const asked = places.map((place) => call(place, { key, method: 'PUT', body: { rules: [] } }))
  await until(async () => (await underWay()).length === 2)
  await emulator.noMoreFaults()
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([204, 204])
})

test('changes of one bucket never overlap, whatever of it they are about', async () => {
  const key = await keyWithGrants(everything)
  await emulator.hold({ operation: 'buckets.lifecycle.update' })
  const parts = ['lifecycle', 'cors', 'lock']
  const asked = parts.flatMap((part) => [
    call(`/v1/buckets/media-assets/${part}`, { key, method: 'PUT', body: { rules: [] } }),
    call(`/v1/buckets/media-assets/${part}`, { key, method: 'PUT', body: { rules: [] } }),
  ])
  const watching = watchUntil(Promise.all(asked))
  await until(async () => (await underWay()).length > 0)
  await emulator.noMoreFaults()
  await emulator.faults({ delayMs: 30, times: 30 })
  expect(mostAtOnce(await watching)).toBe(1)
  expect(await emulator.changes()).toHaveLength(6)
})

test('creations of one team are made side by side', async () => {
  const team = await teamWith()
  await emulator.hold({ operation: 'buckets.create', times: 3 })
  const asked = Array.from({ length: 3 }, () => create(team, freshName()))
  await until(async () => (await underWay()).length === 3)
  await emulator.noMoreFaults()
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([201, 201, 201])
})

test('a change that takes its time keeps no reader waiting', async () => {
  const key = await keyWithGrants(everything)
  await emulator.hold({ operation: 'buckets.lifecycle.update' })
  const changing = put(key, [rule('one', 'a')])
  await until(async () => (await underWay()).length > 0)
  expect((await read(key)).rules.map(({ id }) => id)).not.toContain('one')
  expect(await underWay()).toHaveLength(1)
  await emulator.noMoreFaults()
  await changing
  expect((await read(key)).rules.map(({ id }) => id)).toEqual(['one'])
})
