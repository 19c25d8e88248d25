import { beforeEach, describe, expect, test } from 'vitest'
import { call, emulator, problemOf } from '../harness.ts'
import { clear, keyOf, list, put, putAll, type Query, type Said } from './records.ts'

/** What a listing shows, and what it can be asked for. */

beforeEach(clear)

const PARAMS =
  '{"bucket":"media-assets","domain":"cdn.media.example.com","queueId":"d41d8cd98f00b204e9800998ecf8427e"}'

describe('a listing', () => {
  test('shows a record as v1 writes things', async () => {
    const key = await keyOf('media')
    const { id } = await put({
      at: Date.UTC(2026, 0, 31, 12, 30, 1, 5),
      params: PARAMS,
      warnings: '[{"guardrail":"closed","pointer":"/enabled"}]',
      reconciled: 1,
      sequence: 7,
    })
    expect((await list(key)).records).toEqual([
      {
        id,
        at: '2026-01-31T12:30:01.005Z',
        requestId: id,
        team: 'media',
        principal: { keyId: 'k1', keyName: 'ci' },
        dialect: 'v1',
        operation: 'buckets.cors.update',
        subject: 'bucket:default/media-assets',
        jurisdiction: 'default',
        bucket: 'media-assets',
        domain: 'cdn.media.example.com',
        queueId: 'd41d8cd98f00b204e9800998ecf8427e',
        params: JSON.parse(PARAMS),
        decision: 'allowed',
        rule: 'teams.media.grants[0]',
        policyVersion: 3,
        code: null,
        warnings: [{ guardrail: 'closed', pointer: '/enabled' }],
        outcome: 'happened',
        reconciled: true,
        upstream: { status: 200, cfRay: '8f0c-AMS' },
        durationMs: 21,
        clientAddress: '192.0.2.7',
        reverts: null,
        chain: {
          lane: 'bucket:default/media-assets',
          sequence: 7,
          previousHash: '0'.repeat(64),
          hash: 'a'.repeat(64),
        },
      },
    ])
  })

  test('shows what is about no bucket, with its subject', async () => {
    await put({ subject: 'policy:4', jurisdiction: null, bucket: null, params: '{"version":"4"}' })
    expect((await list(await keyOf('media'))).records).toMatchObject([
      {
        subject: 'policy:4',
        jurisdiction: null,
        bucket: null,
        domain: null,
        queueId: null,
        params: { version: '4' },
      },
    ])
  })

  test('shows a record whose params somebody has made unreadable, without them', async () => {
    await put({ params: '{"bucket":7' })
    expect((await list(await keyOf('media'))).records).toMatchObject([{ bucket: 'media-assets', params: {} }])
  })

  test('shows a change that was never sent without an answer of Cloudflare', async () => {
    const key = await keyOf('media')
    await put({
      decision: 'denied',
      outcome: 'denied',
      code: 'denied',
      rule: 'prod-is-forever',
      upstreamStatus: null,
      cfRay: null,
    })
    const [record] = (await list(key)).records
    expect(record).toMatchObject({ decision: 'denied', code: 'denied', upstream: null, reconciled: false })
  })

  test('shows a pending change without a hash', async () => {
    const key = await keyOf('media')
    await put({ outcome: 'pending', hash: null, durationMs: null, upstreamStatus: null, cfRay: null })
    expect((await list(key)).records).toMatchObject([{ outcome: 'pending', chain: { hash: null } }])
  })

  test('shows a record whose warnings somebody has made unreadable', async () => {
    const key = await keyOf('media')
    await put({ warnings: '[{' })
    expect((await list(key)).records).toMatchObject([{ warnings: '[{' }])
  })

  test('begins with the newest', async () => {
    const key = await keyOf('media')
    const [old, newest, middle] = await putAll([{ at: 1000 }, { at: 3000 }, { at: 2000 }])
    expect((await list(key)).ids).toEqual([newest, middle, old])
  })

  test('begins with the one written last among those of one instant', async () => {
    const key = await keyOf('media')
    const written = await putAll([{ at: 1000 }, { at: 1000 }, { at: 1000 }])
    expect((await list(key)).ids).toEqual(written.reverse())
  })

  test('of nothing is empty, and its last page', async () => {
    expect(await list(await keyOf('media'))).toEqual({ records: [], ids: [], nextCursor: null })
  })

  test('has 100 records unless it is asked for more or fewer', async () => {
    const key = await keyOf('media')
    await putAll(Array.from({ length: 101 }, () => ({})))
    expect((await list(key)).ids).toHaveLength(100)
    expect((await list(key, { perPage: 1000 })).ids).toHaveLength(101)
  })

  test('is kept by no cache', async () => {
    const { headers } = await call('/v1/audit', { key: await keyOf('media') })
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('sends nothing upstream', async () => {
    await list(await keyOf('platform'))
    expect(await emulator.received()).toEqual([])
  })

  test('asks for a key', async () => {
    expect(await problemOf(call('/v1/audit'))).toMatchObject({ status: 401, code: 'unauthenticated' })
  })
})

describe('a filter', () => {
  const cases: [string, Query, Said, Said][] = [
    ['by team', { team: 'data' }, { team: 'data' }, { team: 'media' }],
    ['by the id of a key', { principal: 'k7' }, { keyId: 'k7' }, { keyId: 'k77', keyName: 'k7' }],
    [
      'by operation',
      { operation: 'buckets.lifecycle.update' },
      { operation: 'buckets.lifecycle.update' },
      { operation: 'buckets.lifecycle.get' },
    ],
    ['by bucket', { bucket: 'media-site' }, { bucket: 'media-site' }, { bucket: 'media-site-2' }],
    [
      'by subject',
      { subject: 'bucket:eu/media-site' },
      { bucket: 'media-site', jurisdiction: 'eu' },
      { bucket: 'media-site' },
    ],
    [
      'by a subject that is no bucket',
      { subject: 'policy:4' },
      { subject: 'policy:4' },
      { subject: 'policy:41' },
    ],
    ['by jurisdiction', { jurisdiction: 'eu' }, { jurisdiction: 'eu' }, { jurisdiction: 'default' }],
    ['by default jurisdiction', { jurisdiction: 'default' }, {}, { jurisdiction: 'eu' }],
    ['by decision', { decision: 'denied' }, { decision: 'denied' }, { decision: 'allowed' }],
    ['by outcome', { outcome: 'did_not_happen' }, { outcome: 'did_not_happen' }, { outcome: 'unknown' }],
    ['since an instant, itself included', { since: '1970-01-01T00:00:05Z' }, { at: 5000 }, { at: 4999 }],
    ['until an instant, itself excluded', { until: '1970-01-01T00:00:05Z' }, { at: 4999 }, { at: 5000 }],
    ['since an instant of another zone', { since: '1970-01-01T02:00:05+02:00' }, { at: 5000 }, { at: 4999 }],
    ['since an instant within a ms', { since: '1970-01-01T00:00:04.9991Z' }, { at: 5000 }, { at: 4999 }],
    ['until an instant within a ms', { until: '1970-01-01T00:00:04.9991Z' }, { at: 4999 }, { at: 5000 }],
    ['since an instant with idle digits', { since: '1970-01-01T00:00:05.0000Z' }, { at: 5000 }, { at: 4999 }],
    [
      'by several at once',
      { bucket: 'media-a', decision: 'denied' },
      { bucket: 'media-a', decision: 'denied' },
      { bucket: 'media-a', decision: 'allowed' },
    ],
  ]

  test.each(cases)('%s shows what it names, and nothing else', async (_, query, meant, other) => {
    const key = await keyOf('platform')
    const [first] = await putAll([meant, other])
    expect((await list(key, query)).ids).toEqual([first])
  })

  test('that nothing fits shows nothing', async () => {
    const key = await keyOf('platform')
    await put()
    expect((await list(key, { bucket: 'no-such-bucket' })).ids).toEqual([])
  })
})

describe('a parameter is refused by name', () => {
  const refused: [string, string, string][] = [
    ['that is not known', 'page=2', '/page'],
    ['of another route', 'direction=asc', '/direction'],
    ['that every object has', '__proto__=1', '/__proto__'],
    ['that stands twice', 'team=media&team=media', '/team'],
    ['team, empty', 'team=', '/team'],
    ['team, with SQL', `team=${encodeURIComponent("media' OR 1=1 --")}`, '/team'],
    ['team, with a wildcard', 'team=*', '/team'],
    ['principal, empty', 'principal=', '/principal'],
    ['principal, a whole key', `principal=${'a'.repeat(65)}`, '/principal'],
    ['principal, with SQL', `principal=${encodeURIComponent("k' --")}`, '/principal'],
    ['operation, unknown', 'operation=buckets.explode', '/operation'],
    ['operation, a pattern', 'operation=buckets.*', '/operation'],
    ['bucket, in upper case', 'bucket=Media', '/bucket'],
    ['bucket, a glob', 'bucket=media-*', '/bucket'],
    ['subject, empty', 'subject=', '/subject'],
    ['subject, a bare name', 'subject=Media', '/subject'],
    ['subject, with a space', 'subject=bucket:eu/a%20b', '/subject'],
    ['subject, without an end', `subject=key:${'a'.repeat(129)}`, '/subject'],
    ['jurisdiction, unknown', 'jurisdiction=mars', '/jurisdiction'],
    ['jurisdiction, any', 'jurisdiction=*', '/jurisdiction'],
    ['decision, unknown', 'decision=maybe', '/decision'],
    ['outcome, unknown', 'outcome=fine', '/outcome'],
    ['since, a day', 'since=2026-01-31', '/since'],
    ['since, a number', 'since=1700000000', '/since'],
    ['since, without a zone', 'since=2026-01-31T12:00:00', '/since'],
    ['since, with a bare +', 'since=2026-01-31T12:00:00+02:00', '/since'],
    ['since, a day that is not', 'since=2026-02-30T12:00:00Z', '/since'],
    ['until, empty', 'until=', '/until'],
    ['until, an hour that is not', 'until=2026-01-31T25:00:00Z', '/until'],
    ['perPage, nothing', 'perPage=0', '/perPage'],
    ['perPage, too many', 'perPage=1001', '/perPage'],
    ['perPage, fewer than nothing', 'perPage=-1', '/perPage'],
    ['perPage, a part', 'perPage=1.5', '/perPage'],
    ['perPage, in words', 'perPage=all', '/perPage'],
    ['perPage, empty', 'perPage=', '/perPage'],
    ['cursor, empty', 'cursor=', '/cursor'],
  ]

  test.each(refused)('%s', async (_, query, pointer) => {
    const problem = await problemOf(call(`/v1/audit?${query}`, { key: await keyOf('media') }))
    expect(problem).toMatchObject({
      status: 400,
      code: 'invalid_request',
      errors: [{ in: 'query', pointer }],
    })
  })

  test('and so is each of several', async () => {
    const problem = await problemOf(call('/v1/audit?outcome=fine&page=2', { key: await keyOf('media') }))
    expect(problem.errors?.map(({ pointer }) => pointer).sort()).toEqual(['/outcome', '/page'])
  })

  test('but who is calling is asked first', async () => {
    expect((await call('/v1/audit?page=2')).status).toBe(401)
  })
})
