import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { type Filters, listing, type Slice } from '../../src/store/audit-listing.ts'

/** A page costs what it shows, however long the trail is: it is read off an index, in order, and never sorted. */

const everywhere = { buckets: ['*'], jurisdictions: ['*'] }
const after = { at: 5000, number: 7 }

async function planOf(slice: Partial<Slice>): Promise<string> {
  const { sql, values } = listing({ filters: {}, reach: everywhere, after: null, limit: 10, ...slice })
  const statement = env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`).bind(...values)
  return (await statement.all<{ detail: string }>()).results.map(({ detail }) => detail).join('\n')
}

test.each<[string, Filters, string]>([
  ['everybody', {}, 'audit_by_time'],
  ['a team', { team: 'media' }, 'audit_by_team'],
  ['a bucket', { bucket: 'media-assets' }, 'audit_by_bucket'],
  ['a subject', { subject: 'bucket:eu/media-assets' }, 'audit_by_subject'],
  ['a time', { since: 1000, until: 2000 }, 'audit_by_time'],
  ['a decision of a team', { team: 'media', decision: 'denied' }, 'audit_by_team'],
])('a page of %s is read off an index, the first and the next', async (_, filters, index) => {
  for (const slice of [{ filters }, { filters, after }]) {
    const plan = await planOf(slice)
    expect(plan).toContain(index)
    expect(plan).not.toContain('TEMP B-TREE')
  }
})

test.each([
  ['buckets', { buckets: ['media-*', 'web', `${'x'.repeat(60)}*`], jurisdictions: ['*'] }],
  ['jurisdictions', { buckets: ['*'], jurisdictions: ['eu'] }],
])('the scope of a key, by %s, makes no page be sorted', async (_, reach) => {
  const plan = await planOf({ filters: { team: 'media' }, reach, after })
  expect(plan).toContain('audit_by_team')
  expect(plan).not.toContain('TEMP B-TREE')
})
