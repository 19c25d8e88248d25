import { describe, expect, test } from 'vitest'
import { parseTeamKey } from '../../src/identity/team-key.ts'
import { applyPolicy, createKey, emulator, everything } from '../harness.ts'
import { BUCKET } from './examples.ts'
import { explained, refused } from './explain-asking.ts'

/** Owners may ask on behalf of any team or key; nobody else may, not even to learn whether it is there. */

const get = { operation: 'buckets.get', bucket: BUCKET }
const idOf = (key: string) => parseTeamKey(key)?.id ?? ''

const teams = {
  platform: { grants: [everything] },
  media: {
    grants: [{ role: 'admin', buckets: ['media-*'] }],
    guardrails: [{ name: 'closed', managedDomain: { public: false } }],
  },
}

describe('an owner', () => {
  test('may ask for another team', async () => {
    await applyPolicy({ teams })
    const found = await explained(await createKey('platform'), { ...get, team: 'media' })
    expect(found).toMatchObject({
      team: 'media',
      allowed: true,
      decidedBy: { rule: 'teams.media.grants[0]' },
    })
  })

  test('is told what binds the other team, not what binds themselves', async () => {
    await applyPolicy({ teams })
    const key = await createKey('platform')
    const open = { operation: 'buckets.domains.managed.update', bucket: BUCKET, body: { enabled: true } }
    expect(await explained(key, { ...open, team: 'media' })).toMatchObject({
      team: 'media',
      allowed: false,
      decidedBy: { kind: 'guardrail', rules: ['closed'] },
    })
    expect(await explained(key, open)).toMatchObject({ team: 'platform', allowed: true })
  })

  test('is offered the smallest grant for the other team', async () => {
    await applyPolicy({ teams })
    const found = await explained(await createKey('platform'), {
      ...get,
      bucket: 'finance-ledger',
      team: 'media',
    })
    expect(found).toMatchObject({
      team: 'media',
      allowed: false,
      smallestGrant: expect.stringContaining('media'),
    })
  })

  test('may ask for a key, which is bound by its scope too', async () => {
    await applyPolicy({ teams })
    const keyId = idOf(await createKey('media', { role: 'viewer' }))
    const owner = await createKey('platform')
    expect(await explained(owner, { ...get, keyId })).toMatchObject({ team: 'media', allowed: true })
    expect(await explained(owner, { operation: 'buckets.delete', bucket: BUCKET, keyId })).toMatchObject({
      team: 'media',
      allowed: false,
      decidedBy: { kind: 'out-of-scope' },
    })
  })

  test.each([
    ['a team that is not there', { team: 'nobody' }, '/team'],
    ['a team that every object inherits', { team: 'constructor' }, '/team'],
    ['a team of no name', { team: '' }, '/team'],
    ['a key that is not there', { keyId: 'nothing' }, '/keyId'],
    ['a key of no id', { keyId: '' }, '/keyId'],
    ['SQL for a team', { team: "media' OR '1'='1" }, '/team'],
    ['a team of null', { team: null }, '/team'],
    ['a key as a list', { keyId: ['a'] }, '/keyId'],
  ])('is refused %s by place', async (_, whom, pointer) => {
    await applyPolicy({ teams })
    const problem = await refused(await createKey('platform'), { ...get, ...whom })
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request', errors: [{ in: 'body', pointer }] })
  })

  test('cannot ask for a team and a key at once', async () => {
    await applyPolicy({ teams })
    const keyId = idOf(await createKey('media'))
    const problem = await refused(await createKey('platform'), { ...get, team: 'media', keyId })
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request' })
  })
})

describe.each<[string, object | null]>([
  ['an admin', { role: 'admin', buckets: ['*'], jurisdictions: ['*'] }],
  ['an owner of some buckets', { role: 'owner', buckets: ['media-*'], jurisdictions: ['*'] }],
  ['an owner of another jurisdiction', { role: 'owner', buckets: ['*'], jurisdictions: ['eu'] }],
  ['a team without grants', null],
])('%s', (_, grant) => {
  const asking = async () => {
    await applyPolicy({ teams: { ...teams, asker: { grants: grant ? [grant] : [] } } })
    return createKey('asker')
  }
  const missing = { permission: 'warden.explain', bucket: null, jurisdiction: 'default' }

  test('may not ask for another team', async () => {
    expect(await refused(await asking(), { ...get, team: 'media' })).toMatchObject({
      status: 403,
      code: 'forbidden',
      missing,
    })
  })

  test('may not ask for another key', async () => {
    const key = await asking()
    const keyId = idOf(await createKey('media'))
    expect(await refused(key, { ...get, keyId })).toMatchObject({ status: 403, code: 'forbidden', missing })
  })

  test('cannot find out which teams and keys there are', async () => {
    const key = await asking()
    const { requestId: _one, ...known } = await refused(key, { ...get, team: 'media' })
    const { requestId: _other, ...unknown } = await refused(key, { ...get, team: 'nobody' })
    expect(unknown).toEqual(known)
    expect(await refused(key, { ...get, keyId: 'nothing' })).toMatchObject({ status: 403 })
  })

  test('sends nothing by trying', async () => {
    await refused(await asking(), { ...get, team: 'media' })
    expect(await emulator.received()).toEqual([])
  })
})

test('a key scoped to less than warden.explain may not ask for others', async () => {
  await applyPolicy({ teams })
  const key = await createKey('platform', { role: 'admin' })
  expect(await refused(key, { ...get, team: 'media' })).toMatchObject({ status: 403, code: 'forbidden' })
})

test('a deny of warden.explain wins over an owner', async () => {
  const deny = [{ name: 'private', permissions: ['warden.*'], buckets: ['*'] }]
  await applyPolicy({ organization: { deny }, teams })
  const problem = await refused(await createKey('platform'), { ...get, team: 'media' })
  expect(problem).toMatchObject({ status: 403, code: 'denied', rule: { name: 'private' } })
})

test('a role that gives warden.explain is enough', async () => {
  await applyPolicy({
    roles: { helpdesk: { permissions: ['warden.explain'] } },
    teams: { ...teams, helpdesk: { grants: [{ role: 'helpdesk', buckets: ['*'] }] } },
  })
  const key = await createKey('helpdesk')
  expect(await explained(key, { ...get, team: 'media' })).toMatchObject({ team: 'media', allowed: true })
})

test('everybody may ask for themselves', async () => {
  await applyPolicy({ teams: { ...teams, lone: {} } })
  expect(await explained(await createKey('lone'), get)).toMatchObject({ team: 'lone', allowed: false })
})
