import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { brokenPolicyStatements } from '../../src/store/policies.ts'
import { applyPolicy, call, createKey, emulator, everything, problemOf, run } from '../harness.ts'
import { consoleLines } from '../leak-watch.ts'
import { clear, keyOf, list, one, put, putAll, read, teams } from './records.ts'

/** Whose records a caller sees: their own team's, or everybody's where policy says so, within their key's scope. */

beforeEach(clear)
afterEach(async () => expect(await emulator.received()).toEqual([]))

const unknown = () => crypto.randomUUID()
const missing = (permission: string) => ({ permission, bucket: null, jurisdiction: 'default' })
const owner = (grant: object) => ({ platform: { grants: [{ ...everything, ...grant }] }, data: teams.data })

/** A problem without what differs from request to request. */
async function toldOf(response: Promise<Response>) {
  const { requestId: _, ...told } = await problemOf(response)
  return told
}

describe('a team', () => {
  test('lists its own records only', async () => {
    const [, own] = await putAll([{ team: 'data' }, { team: 'media' }, { team: 'platform' }])
    expect((await list(await keyOf('media'))).ids).toEqual([own])
  })

  test('lists them when it names itself too', async () => {
    const [own] = await putAll([{ team: 'media' }, { team: 'data' }])
    expect((await list(await keyOf('media'), { team: 'media' })).ids).toEqual([own])
  })

  test('sees a change to a bucket of its own that another team made no more than any other', async () => {
    const { id } = await put({ team: 'data', bucket: 'media-assets' })
    const key = await keyOf('media')
    expect((await list(key, { bucket: 'media-assets' })).ids).toEqual([])
    expect((await one(key, id)).status).toBe(403)
  })

  test('sees records that are about no bucket, when they are its own', async () => {
    const about = { subject: 'key:k1', jurisdiction: null, bucket: null }
    const [own, other] = await putAll([about, { ...about, team: 'data' }])
    const key = await keyOf('media')
    expect((await list(key)).ids).toEqual([own])
    expect(await read(key, String(own))).toMatchObject({ subject: 'key:k1', bucket: null })
    expect((await one(key, String(other))).status).toBe(403)
  })

  test('finds nothing of another by the id of its key', async () => {
    await put({ team: 'data', keyId: 'k9' })
    expect((await list(await keyOf('media'), { principal: 'k9' })).ids).toEqual([])
  })

  test('sees its own records of buckets that it has no grant on (any more)', async () => {
    const { id } = await put({ team: 'media', bucket: 'finance-ledger' })
    const key = await keyOf('media')
    expect((await list(key)).ids).toEqual([id])
    expect(await read(key, id)).toMatchObject({ bucket: 'finance-ledger' })
  })

  test.each(['data', 'platform', 'no-such-team', 'constructor'])(
    'may not ask for the records of %s, and is told what is missing',
    async (team) => {
      await putAll([{ team }])
      expect(await problemOf(call(`/v1/audit?team=${team}`, { key: await keyOf('media') }))).toMatchObject({
        status: 403,
        code: 'forbidden',
        missing: missing('warden.audit.list'),
      })
    },
  )

  test('is refused on the log, too', async () => {
    await call('/v1/audit?team=data', { key: await keyOf('media') })
    expect(consoleLines().filter((line) => line.includes('warden.audit.list'))).toHaveLength(1)
  })

  test("cannot tell another team's record from one that is not there", async () => {
    const { id } = await put({ team: 'data' })
    const key = await keyOf('media')
    const ofAnother = await toldOf(one(key, id))
    expect(ofAnother).toMatchObject({ status: 403, missing: missing('warden.audit.get') })
    expect(await toldOf(one(key, unknown()))).toEqual(ofAnother)
  })
})

describe('a caller whose policy allows it', () => {
  test("lists every team's records", async () => {
    const ids = await putAll([{ team: 'data' }, { team: 'media' }, { team: 'gone-team' }])
    expect((await list(await keyOf('platform'))).ids).toEqual(ids.reverse())
  })

  test("reads another team's record", async () => {
    const { id } = await put({ team: 'data' })
    expect(await read(await keyOf('platform'), id)).toMatchObject({ id, team: 'data' })
  })

  test('is told that a record is not there', async () => {
    expect(await problemOf(one(await keyOf('platform'), unknown()))).toMatchObject({
      status: 404,
      code: 'record_not_found',
    })
  })

  test.each([
    ['warden.audit.list', 200, 403],
    ['warden.audit.get', 403, 200],
    ['warden.audit.*', 200, 200],
    ['warden.audit.force', 403, 403],
    ['warden.explain', 403, 403],
    ['buckets.*', 403, 403],
  ])('by %s alone is answered %i for the list and %i for one', async (permission, listed, got) => {
    await applyPolicy({
      roles: { auditor: { permissions: [permission] } },
      teams: { auditors: { grants: [{ role: 'auditor', buckets: ['*'] }] } },
    })
    const key = await createKey('auditors')
    const { id } = await put({ team: 'data' })
    expect((await call('/v1/audit?team=data', { key })).status).toBe(listed)
    expect((await one(key, id)).status).toBe(got)
  })
})

describe.each<[string, object]>([
  ['an owner of some buckets', { buckets: ['data-*'] }],
  ['an owner of another jurisdiction', { jurisdictions: ['eu'] }],
  ['an admin of everything', { role: 'admin' }],
])('%s', (_, grant) => {
  test("sees no other team's records", async () => {
    await applyPolicy({ teams: owner(grant) })
    const key = await createKey('platform')
    const [others, own] = await putAll([{ team: 'data', bucket: 'data-lake' }, { team: 'platform' }])
    expect((await list(key)).ids).toEqual([own])
    expect((await call('/v1/audit?team=data', { key })).status).toBe(403)
    expect((await one(key, String(others))).status).toBe(403)
  })
})

describe('a deny rule on the audit trail', () => {
  const deny = [{ name: 'private', permissions: ['warden.audit.*'], buckets: ['*'] }]

  test('wins over an owner, and is named', async () => {
    await applyPolicy({ organization: { deny }, teams })
    const key = await createKey('platform')
    const { id } = await put({ team: 'data' })
    const denied = { status: 403, code: 'denied', rule: { name: 'private' } }
    expect(await problemOf(call('/v1/audit?team=data', { key }))).toMatchObject(denied)
    expect(await problemOf(one(key, id))).toMatchObject(denied)
    expect(await toldOf(one(key, unknown()))).toEqual(await toldOf(one(key, id)))
  })

  test('leaves a team its own records: they need no permission', async () => {
    await applyPolicy({ organization: { deny }, teams })
    const [, own] = await putAll([{ team: 'data' }, { team: 'platform' }])
    expect((await list(await createKey('platform'))).ids).toEqual([own])
  })
})

describe('a key that is narrowed', () => {
  const LONG = `media-${'x'.repeat(50)}`
  const written = [
    { bucket: 'media-a' },
    { bucket: 'media-b', jurisdiction: 'eu' },
    { bucket: 'web-media' },
    { bucket: LONG },
    { bucket: `${LONG}-b` },
  ] as const

  test.each<[string, Parameters<typeof createKey>[1], string[]]>([
    ['to a bucket', { buckets: ['media-a'] }, ['media-a']],
    ['to buckets', { buckets: ['media-a', 'web-media'] }, ['media-a', 'web-media']],
    ['to a glob', { buckets: ['media-*'] }, ['media-a', 'media-b', LONG, `${LONG}-b`]],
    ['to a glob with its star in front', { buckets: ['*-media'] }, ['web-media']],
    ['to a name that is longer than D1 takes for a glob', { buckets: [LONG] }, [LONG]],
    ['to a glob that is longer than D1 takes', { buckets: [`${LONG}*`] }, [LONG, `${LONG}-b`]],
    ['to some of everything', { buckets: ['media-b', '*'] }, written.map(({ bucket }) => bucket)],
    ['to a jurisdiction', { jurisdictions: ['eu'] }, ['media-b']],
    ['to jurisdictions', { jurisdictions: ['eu', 'us'] }, ['media-b']],
    ['to every jurisdiction', { jurisdictions: ['*'] }, written.map(({ bucket }) => bucket)],
    ['to a bucket of another jurisdiction', { buckets: ['media-a'], jurisdictions: ['eu'] }, []],
    ['to nothing that there is', { buckets: ['nothing'] }, []],
    ['to a role', { role: 'viewer' }, written.map(({ bucket }) => bucket)],
  ])('%s lists and reads the records of these only', async (_, scope, seen) => {
    const key = await keyOf('media', scope)
    const ids = await putAll(written)
    expect((await list(key)).records.map(({ bucket }) => bucket).sort()).toEqual([...seen].sort())
    const statuses = await Promise.all(ids.map(async (id) => (await one(key, id)).status))
    expect(statuses).toEqual(written.map(({ bucket }) => (seen.includes(bucket) ? 200 : 403)))
  })

  test('to more buckets than a statement may have values still lists', async () => {
    const buckets = Array.from({ length: 300 }, (_, index) => `media-${index}${index % 3 === 0 ? '*' : ''}`)
    const key = await keyOf('media', { buckets })
    const { id } = await put({ bucket: 'media-299' })
    expect((await list(key)).ids).toContain(id)
  })

  test("to buckets sees no other team's records of them, though its team owns all", async () => {
    const key = await keyOf('platform', { buckets: ['media-*'] })
    const [, own] = await putAll([{ team: 'media' }, { team: 'platform' }])
    expect((await list(key)).ids).toEqual([own])
    expect((await call('/v1/audit?team=media', { key })).status).toBe(403)
  })

  test("to jurisdictions sees every team's records of these, when its team owns all", async () => {
    const key = await keyOf('platform', { jurisdictions: ['default'] })
    const [inEu, inDefault] = await putAll([{ team: 'data', jurisdiction: 'eu' }, { team: 'data' }])
    expect((await list(key)).ids).toEqual([inDefault])
    const beyond = await toldOf(one(key, String(inEu)))
    expect(beyond).toMatchObject({ status: 403, code: 'forbidden' })
    expect(await toldOf(one(key, unknown()))).toEqual(beyond)
  })

  test.each<[string, Parameters<typeof createKey>[1]]>([
    ['to buckets', { buckets: ['media-*'] }],
    ['to jurisdictions', { jurisdictions: ['default', 'eu', 'us', 'fedramp', 'fedramp-high'] }],
  ])('%s sees no record that is about no bucket', async (_, scope) => {
    const key = await keyOf('platform', scope)
    const { id } = await put({ team: 'platform', subject: 'policy:4', jurisdiction: null, bucket: null })
    expect((await list(key)).ids).toEqual([])
    expect((await list(key, { subject: 'policy:4' })).ids).toEqual([])
    expect((await one(key, id)).status).toBe(403)
  })

  test('to a role without the permission sees its own team only', async () => {
    const key = await keyOf('platform', { role: 'admin' })
    const [other, own] = await putAll([{ team: 'media' }, { team: 'platform' }])
    expect((await list(key)).ids).toEqual([own])
    expect((await one(key, String(other))).status).toBe(403)
  })
})

describe('under a policy that cannot be read', () => {
  test.each([
    ['was never applied', ['DELETE FROM active_policy']],
    ['did not parse', brokenPolicyStatements('line 3: is not YAML')],
    ['is no JSON any more', ["UPDATE policies SET shared = '{'"]],
  ])('since it %s, nobody sees anything', async (_, breakage) => {
    const { id } = await put({ team: 'platform' })
    await applyPolicy({ teams })
    const key = await createKey('platform')
    await run(breakage)
    for (const path of ['/v1/audit', '/v1/audit?team=platform', `/v1/audit/${id}`])
      expect(await problemOf(call(path, { key }))).toMatchObject({ status: 403, code: 'forbidden' })
  })

  test('nor does a key whose scope cannot be read', async () => {
    const { id } = await put({ team: 'media' })
    const key = await keyOf('media', { buckets: ['media-*'] })
    await run([`UPDATE keys SET scope = '{' WHERE id = '${key.split('_')[1]}'`])
    expect((await call('/v1/audit', { key })).status).toBe(403)
    expect((await one(key, id)).status).toBe(403)
  })
})
