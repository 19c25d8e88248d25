import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ran } from '../../node/run.ts'
import { asAdmin, asData, receivedAbout, seed, straight } from '../running.ts'
import { Wrangler } from './wrangler.ts'

/** `wrangler r2 bucket list` makes one request, and takes the answer for all there is. */

const wrangler = new Wrangler()
let through: Ran
let past: Ran
let many: Ran
beforeAll(async () => {
  await seed({ generate: { count: 120, prefix: 'data-many-' } })
  ;[through, past] = await Promise.all([
    wrangler.run('r2 bucket list -J us', asAdmin()),
    wrangler.run('r2 bucket list -J us', straight()),
  ])
  many = await wrangler.run('r2 bucket list', asData())
})
afterAll(() => wrangler.remove())

describe('wrangler r2 bucket list', () => {
  it('prints what it prints without the warden, though upstream is asked in another way', () => {
    expect(through).toEqual(past)
  })

  it('is asked of upstream for a page of a thousand, where wrangler itself takes twenty', async () => {
    const queries = (await receivedAbout('/r2/buckets'))
      .filter(({ headers, path }) => headers['cf-r2-jurisdiction'] === 'us' && path.endsWith('/r2/buckets'))
      .map(({ query }) => query)
    expect(queries.sort()).toEqual(['', 'per_page=1000&order=name&direction=asc'])
  })

  it('prints every bucket of the team, and none of others', () => {
    const printed = [...many.stdout.matchAll(/^name: +(.*)$/gm)].map(([, name]) => name ?? '')
    const own = Array.from({ length: 120 }, (_, at) => `data-many-${String(at + 1).padStart(6, '0')}`)
    const others = printed.filter((name) => !name.startsWith('data-'))
    expect([printed.filter((name) => name.startsWith('data-many-')), others]).toEqual([own, []])
  })
})
