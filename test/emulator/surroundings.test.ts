import { describe, expect, test } from 'vitest'
import { send } from './api.ts'

/** What clients ask around R2 comes in pages, and a loop over them ends. */
describe.each(['/accounts', '/memberships'])('%s', (path) => {
  const page = async (query: string) => (await send('GET', `/client/v4${path}${query}`)).json()

  test('has one entry on its first page', async () => {
    expect(await page('')).toMatchObject({ result: [{}], result_info: { page: 1, total_count: 1 } })
  })

  test('has none on the next', async () => {
    expect(await page('?page=2')).toMatchObject({
      result: [],
      result_info: { page: 2, count: 0, total_pages: 1 },
    })
  })
})
