import { describe, expect, test } from 'vitest'
import { api, emulator, inEu, list, refusal, refused } from './api.ts'

const initial = ['data-lake', 'finance-ledger', 'media-assets', 'media-site-prod', 'shared-assets']

async function pages(query: string): Promise<string[][]> {
  const first = await list(query)
  const found = [first.names]
  for (let { cursor } = first; cursor !== undefined; ) {
    const next = await list(`${query}&cursor=${encodeURIComponent(cursor)}`)
    found.push(next.names)
    cursor = next.cursor
  }
  return found
}

describe('buckets.list', () => {
  test('lists the initial buckets in the order of their names', async () => {
    expect(await list()).toEqual({ names: initial, cursor: undefined })
  })

  test('lists one jurisdiction at a time', async () => {
    expect((await list('', inEu)).names).toEqual(['media-assets'])
  })

  test('answers twenty unless asked for more', async () => {
    await emulator('POST', 'seed', { generate: { count: 30, prefix: 'bulk-' } })
    expect((await list()).names).toHaveLength(20)
    expect((await api('GET', '/r2/buckets')).result_info).toMatchObject({ per_page: 20 })
  })

  test('gives a cursor only when there is more', async () => {
    expect((await list('?per_page=5')).cursor).toBeUndefined()
    expect((await list('?per_page=4')).cursor).toEqual(expect.any(String))
  })

  test('pages to the end without gap or repetition', async () => {
    expect(await pages('?per_page=2')).toEqual([initial.slice(0, 2), initial.slice(2, 4), initial.slice(4)])
  })

  test('pages backwards as well', async () => {
    const backwards = initial.toReversed()
    expect(await pages('?per_page=3&direction=desc&order=name')).toEqual([
      backwards.slice(0, 3),
      backwards.slice(3),
    ])
  })

  test('pages through what a filter leaves', async () => {
    expect(await pages('?per_page=1&name_contains=assets')).toEqual([['media-assets'], ['shared-assets']])
  })

  test('starts after a name, which need not exist', async () => {
    expect((await list('?start_after=media-assets')).names).toEqual(['media-site-prod', 'shared-assets'])
    expect((await list('?start_after=n')).names).toEqual(['shared-assets'])
  })

  test('takes "after" as before when it goes backwards', async () => {
    expect((await list('?start_after=media-assets&direction=desc')).names).toEqual([
      'finance-ledger',
      'data-lake',
    ])
  })

  test('orders by bytes: a hyphen comes before a digit, a digit before a letter', async () => {
    await emulator('POST', 'seed', { buckets: ['zza', 'zz1', 'zz-1'].map((name) => ({ name })) })
    expect((await list('?name_contains=zz')).names).toEqual(['zz-1', 'zz1', 'zza'])
  })

  test.each([
    'per_page=0',
    'per_page=1001',
    'per_page=x',
    'order=date',
    'direction=up',
    'cursor=x',
    'cursor=1-x',
  ])('refuses %s', async (query) => {
    expect(await refusal('GET', `/r2/buckets?${query}`)).toMatchObject({ status: 400, success: false })
  })

  test('refuses a jurisdiction that does not exist', async () => {
    const headers = { 'cf-r2-jurisdiction': 'mars' }
    expect(await refusal('GET', '/r2/buckets', { headers })).toEqual(refused(400, 10022))
  })
})

describe('an account of 100,000 buckets', () => {
  test('is listed page by page', async () => {
    expect(await emulator('POST', 'seed', { generate: { count: 100_000, prefix: 'bulk-' } })).toMatchObject({
      buckets: 100_006,
    })
    expect((await pages('?per_page=1000')).flat()).toHaveLength(100_005)
  })

  test('has its last name at hand', async () => {
    await emulator('POST', 'seed', { generate: { count: 100_000, prefix: 'zzz-' } })
    expect((await list('?per_page=1&direction=desc')).names).toEqual(['zzz-100000'])
  })
})
