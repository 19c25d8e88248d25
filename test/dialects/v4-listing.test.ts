import { beforeEach, describe, expect, test } from 'vitest'
import { call, emulator, everything, keyWithGrants } from '../harness.ts'
import { A, type Envelope, envelopeOf } from './v4-examples.ts'

/** `GET /r2/buckets` as wrangler and the SDKs ask it: filtered before it is paged. */

const own = { role: 'viewer', buckets: ['own-*', 'one-of-many'] }
const others = { generate: { count: 300, prefix: 'foreign-' } }

beforeEach(async () => {
  await emulator.seed({ generate: { count: 60, prefix: 'own-' } })
  await emulator.seed(others)
  await emulator.seed({ buckets: [{ name: 'one-of-many' }, { name: 'own-eu', jurisdiction: 'eu' }] })
})

async function list(
  query = '',
  headers: Record<string, string> = {},
  grant: unknown = own,
): Promise<Envelope> {
  return envelopeOf(call(`${A}/r2/buckets${query}`, { key: await keyWithGrants(grant), headers }))
}

function namesOf({ result }: Envelope): string[] {
  const { buckets } = result as { buckets: { name: string }[] }
  return buckets.map(({ name }) => name)
}
const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => `own-${String(from + at).padStart(6, '0')}`)

describe('without per_page', () => {
  test('every bucket of the team is on the first page, and none of others', async () => {
    expect(namesOf(await list())).toEqual(['one-of-many', ...numbered(1, 60)])
  })

  test('there is no cursor when that was all', async () => {
    expect((await list()).result_info).toEqual({ per_page: 1000 })
  })

  test('the page ends at a thousand, with a cursor to the rest', async () => {
    await emulator.seed({ generate: { count: 1100, prefix: 'own-' } })
    const { result, result_info } = await list()
    const { buckets } = result as { buckets: unknown[] }
    expect([buckets.length, result_info]).toEqual([1000, { per_page: 1000, cursor: expect.any(String) }])
  })

  test('an owner of everything sees everything', async () => {
    expect(namesOf(await list('?name_contains=foreign', {}, everything))).toHaveLength(300)
  })
})

describe('pages', () => {
  test('per_page is how many there are', async () => {
    expect(namesOf(await list('?per_page=3'))).toEqual(['one-of-many', ...numbered(1, 2)])
  })

  test('the cursor goes on where the page ended', async () => {
    const { result_info } = await list('?per_page=3')
    expect(namesOf(await list(`?per_page=3&cursor=${result_info?.cursor}`))).toEqual(numbered(3, 5))
  })

  test('followed to the end they have every bucket once', async () => {
    const seen: string[] = []
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page: Envelope = await list(`?per_page=25&cursor=${cursor}`)
      seen.push(...namesOf(page))
      cursor = page.result_info?.cursor
    }
    expect(seen).toEqual(['one-of-many', ...numbered(1, 60)])
  })

  test('start_after leaves out what is up to it', async () => {
    expect(namesOf(await list('?start_after=own-000058'))).toEqual(numbered(59, 60))
  })

  test('direction turns the order around', async () => {
    expect(namesOf(await list('?direction=desc&per_page=2'))).toEqual(['own-000060', 'own-000059'])
  })

  test('name_contains keeps what has it in its name', async () => {
    expect(namesOf(await list('?name_contains=00005&order=name'))).toEqual([
      'own-000005',
      ...numbered(50, 59),
    ])
  })

  test('the header is where the buckets are', async () => {
    const grant = { ...own, jurisdictions: ['eu'] }
    expect(namesOf(await list('', { 'cf-r2-jurisdiction': 'eu' }, grant))).toEqual(['own-eu'])
  })
})

describe('a query that is not valid is refused by name, and nothing is sent', () => {
  test.each([
    'per_page=0',
    'per_page=1001',
    'per_page=ten',
    'per_page=5&per_page=6',
    'direction=up',
    'order=size',
    'cursor=made-up',
    'jurisdiction=eu',
    'cf-r2-jurisdiction=eu',
  ])('%s', async (query) => {
    const response = await call(`${A}/r2/buckets?${query}`, { key: await keyWithGrants(own) })
    const name = query.split('=', 1)[0] ?? ''
    expect([response.status, (await envelopeOf(response)).message]).toEqual([
      400,
      expect.stringContaining(name),
    ])
    expect(await emulator.received()).toEqual([])
  })
})

describe('what is not known of a query says nothing', () => {
  test.each(['page=1&per_page=100', 'page=1&page=2&per_page=100'])('of the list: %s', async (query) => {
    expect((await list(`?${query}`)).result_info).toMatchObject({ per_page: 100 })
  })

  test('of a bucket', async () => {
    const key = await keyWithGrants(everything)
    expect((await call(`${A}/r2/buckets/own-000001?force=true`, { key })).status).toBe(200)
  })

  test('but for a jurisdiction, which would be another bucket', async () => {
    const key = await keyWithGrants(everything)
    expect((await call(`${A}/r2/buckets/own-000001?jurisdiction=eu`, { key })).status).toBe(400)
  })
})
