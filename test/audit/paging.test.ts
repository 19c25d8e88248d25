import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { call, emulator, problemOf } from '../harness.ts'
import { clear, keyOf, list, madeUp, pages, pathOf, put, putAll } from './records.ts'

/** Pages follow one another without a gap and without repeating, whatever is written meanwhile. */

beforeEach(clear)

const some = <T>(values: readonly T[]) => fc.constantFrom(...values)
const BUCKETS = ['media-a', 'media-b', 'media-ab', 'data-a']

const said = fc
  .record({
    at: fc.integer({ min: 1000, max: 1004 }),
    team: some(['media', 'data']),
    place: fc.option(fc.record({ bucket: some(BUCKETS), jurisdiction: some(['default', 'eu'] as const) })),
    decision: some(['allowed', 'denied'] as const),
  })
  .map(({ place, ...rest }) => ({ ...rest, ...(place ?? { bucket: null, jurisdiction: null }) }))
const seconds = fc.integer({ min: 1000, max: 1005 })
const situation = fc.record({
  written: fc.array(said, { maxLength: 12 }),
  meanwhile: fc.array(said, { maxLength: 4 }),
  caller: some(['media', 'platform'] as const),
  scope: fc.option(
    fc.record({ buckets: fc.array(some(['media-*', '*b', 'data-a', '*']), { minLength: 1 }) }),
  ),
  filters: fc.record(
    {
      bucket: some(BUCKETS),
      jurisdiction: some(['default', 'eu']),
      decision: some(['allowed', 'denied']),
      since: seconds,
      until: seconds,
    },
    { requiredKeys: [] },
  ),
  perPage: fc.integer({ min: 1, max: 4 }),
})
type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never
type Written = ReturnType<typeof madeUp>

const byRegExp = (pattern: string, text: string) =>
  new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text)

/** A second reading of who sees what, as plainly as it can be written; `records` in the order of writing. */
function naively({ caller, scope, filters }: Situation, records: readonly Written[]): string[] {
  const patterns = scope?.buckets ?? ['*']
  const seesAll = caller === 'platform' && patterns.includes('*')
  const { bucket, jurisdiction, decision, since, until } = filters
  return records
    .map((record, number) => ({ ...record, number }))
    .filter((one) => seesAll || one.team === caller)
    .filter(({ bucket: own }) =>
      patterns.some((pattern) => pattern === '*' || (own !== null && byRegExp(pattern, own))),
    )
    .filter((one) => bucket === undefined || one.bucket === bucket)
    .filter((one) => jurisdiction === undefined || one.jurisdiction === jurisdiction)
    .filter((one) => decision === undefined || one.decision === decision)
    .filter((one) => since === undefined || one.at >= since)
    .filter((one) => until === undefined || one.at < until)
    .sort((one, other) => other.at - one.at || other.number - one.number)
    .map(({ id }) => id)
}

const asQuery = ({ filters: { since, until, ...rest }, perPage }: Situation) => ({
  ...rest,
  perPage,
  ...(since !== undefined && { since: new Date(since).toISOString() }),
  ...(until !== undefined && { until: new Date(until).toISOString() }),
})

test('page by page a listing is what a naive filter gives, and every page but the last is full', async () => {
  await fc.assert(
    fc.asyncProperty(situation, async (asked) => {
      await clear()
      const records = asked.written.map(madeUp)
      for (const record of records) await put(record)
      const found = await pages(await keyOf(asked.caller, asked.scope), asQuery(asked))
      expect(found.flat()).toEqual(naively(asked, records))
      expect(found.slice(0, -1).filter((ids) => ids.length !== asked.perPage)).toEqual([])
    }),
    { numRuns: 60 },
  )
})

test('records written between two pages neither repeat others nor hide them', async () => {
  await fc.assert(
    fc.asyncProperty(situation, async (asked) => {
      await clear()
      const records = asked.written.map(madeUp)
      for (const record of records) await put(record)
      const key = await keyOf(asked.caller, asked.scope)
      const query = asQuery(asked)
      const first = await list(key, query)
      for (const record of asked.meanwhile.map(madeUp)) await put(record)
      const rest =
        first.nextCursor === null ? [] : (await pages(key, { ...query, cursor: first.nextCursor })).flat()
      const found = [...first.ids, ...rest]
      expect(new Set(found).size).toBe(found.length)
      const before = new Set(records.map(({ id }) => id))
      expect(found.filter((id) => before.has(id))).toEqual(naively(asked, records))
    }),
    { numRuns: 40 },
  )
})

describe('the header Link', () => {
  test.each(['application/json', 'text/csv', 'application/x-ndjson'])(
    'leads to the next page, with the same filters, in %s',
    async (accept) => {
      const key = await keyOf('platform')
      const [second, , first] = await putAll([{ team: 'data' }, { team: 'media' }, { team: 'data' }])
      const query = { team: 'data', perPage: 1, since: '1970-01-01T02:00:00+02:00' }
      const { headers } = await call(pathOf(query), { key, headers: { accept } })
      const [, next = ''] = /^<(\/v1\/audit\?[^>]+)>; rel="next"$/.exec(headers.get('link') ?? '') ?? []
      const followed = await (await call(next, { key })).json()
      expect((await list(key, query)).ids).toEqual([first])
      expect(followed).toMatchObject({ records: [{ id: second }], nextCursor: null })
    },
  )

  test('replaces the cursor that it came by', async () => {
    const key = await keyOf('media')
    await putAll([{}, {}, {}])
    const { nextCursor } = await list(key, { perPage: 1 })
    const { headers } = await call(pathOf({ perPage: 1, cursor: String(nextCursor) }), { key })
    expect(headers.get('link')?.match(/cursor=/g)).toHaveLength(1)
    expect(headers.get('link')).not.toContain(`cursor=${nextCursor}`)
  })

  test('is not there on the last page', async () => {
    const key = await keyOf('media')
    await put()
    expect((await call('/v1/audit', { key })).headers.get('link')).toBeNull()
  })
})

describe('a cursor', () => {
  test('is good in a URL as it stands', async () => {
    const key = await keyOf('media')
    await putAll([{}, {}])
    const { nextCursor } = await list(key, { perPage: 1 })
    expect(encodeURIComponent(nextCursor ?? '')).toBe(nextCursor)
  })

  test('of an owner shows a team no more than its own', async () => {
    await putAll([{ team: 'media' }, { team: 'data' }, { team: 'data' }])
    const { nextCursor } = await list(await keyOf('platform'), { perPage: 1 })
    const { records } = await list(await keyOf('media'), { cursor: String(nextCursor) })
    expect(records.map(({ team }) => team)).toEqual(['media'])
  })

  test('of a record that retention has removed still says where to go on', async () => {
    const key = await keyOf('media')
    const [oldest] = await putAll([{ at: 1000 }, { at: 2000 }])
    const { nextCursor } = await list(key, { perPage: 1 })
    await clear()
    await put({ at: 3000 })
    const kept = await put({ at: 1500 })
    expect(oldest).not.toBe(kept.id)
    expect((await list(key, { cursor: String(nextCursor) })).ids).toEqual([kept.id])
  })

  test.each([
    ['no number', 'abc'],
    ['one number', '1-'],
    ['no first number', '-1'],
    ['three numbers', '1-2-3'],
    ['a sign', '+1-2'],
    ['a negative number', '1--2'],
    ['upper case', 'AB-2'],
    ['a leading zero', '01-2'],
    ['a fraction', '1.5-2'],
    ['a blank', ' 1-2'],
    ['numbers too large to be exact', `${'z'.repeat(20)}-2`],
    ['much too long', '1'.repeat(5000)],
    ['SQL', "1-2' OR 1=1"],
    ['JSON', '{"at":1,"number":2}'],
  ])('with %s is refused', async (_, cursor) => {
    const problem = await problemOf(call(pathOf({ cursor }), { key: await keyOf('media') }))
    expect(problem).toMatchObject({ status: 400, errors: [{ in: 'query', pointer: '/cursor' }] })
    expect(await emulator.received()).toEqual([])
  })
})
