import { describe, expect, test } from 'vitest'
import { admin, CORS, changes, cors, diff, grant, granted, tls } from './policy-differences.ts'
import { documentOf, EXAMPLE, policyCommand } from './policy-run.ts'

test('where nothing changes, it says so', async () => {
  const { stdout, code } = await policyCommand('diff', EXAMPLE, EXAMPLE, '--fail-on-gain')
  expect(stdout).toBe('Nothing changes: no team gains or loses anything.\n')
  expect(code).toBe(0)
})

describe('grants, in words', () => {
  test('a role on more buckets', async () => {
    expect(await changes(cors('media-a'), cors('media-*'))).toEqual([
      '+ may now buckets.cors.* on media-* in default (before only on media-a)',
    ])
  })

  test('a role on fewer', async () => {
    expect(await changes(cors('media-*'), cors('media-a'))).toEqual([
      '- may no longer buckets.cors.* on media-* in default (still on media-a)',
    ])
  })

  test('a role that gives more: only what it gives more', async () => {
    const [more] = await changes(granted(grant('viewer', ['a'])), granted(grant('editor', ['a'])))
    expect(more).toBe(
      '+ may now buckets.edit, buckets.lifecycle.update, buckets.cors.{update,delete}, buckets.eventNotifications.{update,delete} on a in default',
    )
  })

  test('another jurisdiction', async () => {
    const now = documentOf({ grants: [grant('cors', ['a'], { jurisdictions: ['default', 'eu'] })] }, CORS)
    expect(await changes(cors('a'), now)).toEqual(['+ may now buckets.cors.* on a in eu'])
  })

  test('everything, everywhere', async () => {
    const now = granted(grant('owner', ['*'], { jurisdictions: ['*'] }))
    expect(await changes(granted(), now)).toEqual(['+ may now * on * in all jurisdictions'])
  })

  test('the same said otherwise is no change', async () => {
    expect(await changes(cors('media-*'), cors('media-*', 'media-a'))).toEqual([])
  })

  test('a grant of what is denied is no gain', async () => {
    const deny = [{ name: 'no', permissions: ['buckets.cors.*'], buckets: ['*-prod'] }]
    const of = (...buckets: string[]) => documentOf({ grants: [grant('cors', buckets)], deny }, CORS)
    expect(await changes(of('a'), of('a', 'a-prod'))).toEqual([])
  })

  test('a new team gains, a team that is gone loses', async () => {
    const teams = (team: string) => ({
      version: 1,
      ...CORS,
      teams: { [team]: { grants: [grant('cors', ['a'])] } },
    })
    const { stdout } = await diff(teams('one'), teams('two'))
    expect(stdout).toContain('one (no longer a team)\n  - may no longer buckets.cors.* on a in default\n')
    expect(stdout).toContain('two (a new team)\n  + may now buckets.cors.* on a in default\n')
    expect(stdout).toContain('Gaining: two. Losing: one.')
  })
})

describe('deny rules, in words', () => {
  const deny = (more: object = {}) =>
    admin({ deny: [{ name: 'keep', permissions: ['buckets.delete'], buckets: ['*-prod'], ...more }] })

  test('a rule more and a rule less', async () => {
    const what = 'denied buckets.delete on *-prod in default (rule keep)'
    expect(await changes(admin({}), deny())).toEqual([`- is now ${what}`])
    expect(await changes(deny(), admin({}))).toEqual([`+ is no longer ${what}`])
  })

  test('a rule on fewer buckets', async () => {
    expect(await changes(deny(), deny({ buckets: ['media-prod'] }))).toEqual([
      '+ is no longer denied buckets.delete on *-prod in default (rule keep)',
    ])
  })

  test('a rule that forbids only what nobody has is no change', async () => {
    expect(await changes(admin({}), deny({ buckets: ['data-*'] }))).toEqual([])
  })
})

describe('examples', () => {
  test('a request that was denied and is allowed now, with the rules that decided', async () => {
    const { stdout } = await diff(granted(grant('viewer', ['a-*'])), granted(grant('editor', ['a-*'])))
    expect(stdout).toContain(
      'buckets.edit on default/a-example: deny (no-grant) → allow (teams.media.grants[0])',
    )
  })

  test('for a guardrail, with a value on the other side of it', async () => {
    const { stdout } = await diff(tls('1.2'), tls('1.3'), '--json')
    const [{ examples }] = JSON.parse(stdout).teams
    expect(examples[0]).toMatchObject({
      effect: 'loss',
      operation: expect.stringMatching(/^buckets\.domains\.custom\.(create|update)$/),
      body: { minTLS: '1.2' },
      before: { result: 'allow' },
      after: { result: 'deny', by: ['tls'] },
    })
  })

  test('of a warning that is new, as neither gain nor loss', async () => {
    const { stdout } = await diff(admin({}), tls('1.2', { mode: 'warn' }), '--json')
    const [{ gains, loses, examples }] = JSON.parse(stdout).teams
    expect([gains, loses]).toEqual([[], []])
    expect(examples[0]).toMatchObject({
      effect: 'other',
      before: { result: 'allow' },
      after: { result: 'warn' },
    })
  })

  test('as many as are asked for', async () => {
    const { stdout } = await diff(granted(), granted(grant('owner', ['*'])), '--json', '--examples', '7')
    expect(JSON.parse(stdout).teams[0].examples).toHaveLength(7)
  })
})

describe('exit codes', () => {
  test('0, whatever differs', async () => {
    expect((await diff(cors('a'), cors('*'))).code).toBe(0)
  })

  test('with --fail-on-gain 2 when a team gains, 0 when teams only lose', async () => {
    expect((await diff(cors('a'), cors('*'), '--fail-on-gain')).code).toBe(2)
    expect((await diff(cors('*'), cors('a'), '--fail-on-gain')).code).toBe(0)
  })

  test('with --fail-on-gain 2 when a role grows that keys may be narrowed to', async () => {
    const role = (...permissions: string[]) =>
      documentOf({ grants: [grant('owner', ['*'])] }, { roles: { ci: { permissions } } })
    const { stdout, code } = await diff(
      role('buckets.get'),
      role('buckets.get', 'buckets.delete'),
      '--fail-on-gain',
    )
    expect(stdout).toContain('ci changes\n    + buckets.delete')
    expect(code).toBe(2)
  })

  test('1 for a document that is not valid, with its errors', async () => {
    const { stderr, code } = await diff(cors('a'), { version: 3, teams: {} }, '--fail-on-gain')
    expect(stderr).toContain('new.json:1:12: version: expected 1, found 3')
    expect(code).toBe(1)
  })

  test('1 without a second document', async () => {
    const { stderr, code } = await policyCommand('diff', EXAMPLE)
    expect(stderr).toContain("missing required argument 'new'")
    expect(code).toBe(1)
  })
})
