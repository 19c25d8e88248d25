import { afterAll, describe, expect, test } from 'vitest'
import { documentOf, Folder, policyCommand } from './policy-run.ts'

const folder = new Folder()
afterAll(() => folder.remove())

/** The warnings on a document, as `path [rule]`, but for those of open values, which most documents here have. */
async function warningsOn(document: object, ...flags: string[]): Promise<string[]> {
  return (await allWarningsOn(document, ...flags)).filter((one) => !one.endsWith(' [open-values]'))
}

async function allWarningsOn(document: object, ...flags: string[]): Promise<string[]> {
  const file = folder.write('policy.json', document)
  const { stdout } = await policyCommand('check', file, '--json', ...flags)
  const { errors, warnings } = JSON.parse(stdout)
  expect(errors).toEqual([])
  return warnings.map(({ path, rule }: { path: string; rule: string }) => `${path} [${rule}]`)
}

const ALL = { role: 'owner', buckets: ['*'], jurisdictions: ['*'] }
const viewer = (...buckets: string[]) => ({ role: 'viewer', buckets })
const grants = (...list: object[]) => documentOf({ grants: list })

describe('grants within others', () => {
  test.each<[string, object[], string[]]>([
    ['a name under a glob', [viewer('media-*'), viewer('media-a')], ['teams.media.grants.1']],
    ['the order does not matter', [viewer('media-a'), viewer('media-*')], ['teams.media.grants.0']],
    [
      'a glob under a wider one',
      [viewer('media-*'), viewer('media-*-prod', 'media-x*')],
      ['teams.media.grants.1'],
    ],
    ['a role that gives less', [{ ...viewer('a'), role: 'admin' }, viewer('a')], ['teams.media.grants.1']],
    ['of two that say the same, the second', [viewer('a'), viewer('a')], ['teams.media.grants.1']],
    ['a role that gives more is not contained', [viewer('a*'), { ...viewer('ab'), role: 'admin' }], []],
    ['another jurisdiction is not contained', [viewer('a*'), { ...viewer('ab'), jurisdictions: ['eu'] }], []],
    ['globs that only overlap are not contained', [viewer('a*'), viewer('*b')], []],
    ['only one bucket of two is not contained', [viewer('a*'), viewer('ab', 'b')], []],
  ])('%s', async (_, list, expected) => {
    expect(await warningsOn(grants(...list))).toEqual(expected.map((path) => `${path} [contained-grant]`))
  })

  test('a grant within one of another team is no warning', async () => {
    const teams = { media: { grants: [viewer('a*')] }, data: { grants: [viewer('ab')] } }
    expect(await warningsOn({ version: 1, teams })).toEqual([])
  })
})

describe('guardrails behind stricter ones', () => {
  const tls = (name: string, minTLS: string, more: object = {}) => ({
    name,
    customDomains: { minTLS },
    ...more,
  })
  const shadowed = (organization: object[], own: object[]) =>
    warningsOn(documentOf({ grants: [ALL], guardrails: own }, { organization: { guardrails: organization } }))
  const OWN = ['teams.media.guardrails.0 [shadowed-guardrail]']

  test.each<[string, object[], object[], string[]]>([
    ['by a higher floor of the organization', [tls('a', '1.3')], [tls('b', '1.2')], OWN],
    ['by the same of the organization', [tls('a', '1.2')], [tls('b', '1.2')], OWN],
    ['one that warns, by one that refuses', [tls('a', '1.2')], [tls('b', '1.2', { mode: 'warn' })], OWN],
    [
      'in a narrower place',
      [tls('a', '1.2', { buckets: ['m*'] })],
      [tls('b', '1.2', { buckets: ['media'] })],
      OWN,
    ],
    ['not one that is stricter itself', [tls('a', '1.2')], [tls('b', '1.3')], []],
    ['not by one that only warns', [tls('a', '1.2', { mode: 'warn' })], [tls('b', '1.2')], []],
    ['not by one that holds elsewhere', [tls('a', '1.3', { buckets: ['m*'] })], [tls('b', '1.2')], []],
    ['not by one of another kind', [{ name: 'a', managedDomain: { public: false } }], [tls('b', '1.2')], []],
    [
      'not when it says something else too',
      [tls('a', '1.3')],
      [{ name: 'b', customDomains: { minTLS: '1.2', maxCount: 3 } }],
      [],
    ],
  ])('%s', async (_, organization, own, expected) => {
    expect(await shadowed(organization, own)).toEqual(expected)
  })

  test("a team's guardrail does not shadow the organization's, which binds others too", async () => {
    const organization = { guardrails: [tls('a', '1.2')] }
    const media = { grants: [ALL], guardrails: [tls('b', '1.3')] }
    expect(await warningsOn(documentOf(media, { organization }))).toEqual([])
  })
})

describe('rules that nothing meets', () => {
  const deny = (permission: string, ...buckets: string[]) => [
    { name: 'no', permissions: [permission], buckets },
  ]

  test.each<[string, object, string[]]>([
    ['a deny elsewhere', { deny: deny('buckets.get', 'data-*') }, ['teams.media.deny.0 [idle-deny]']],
    [
      'a deny of what no role gives',
      { deny: deny('buckets.delete', '*') },
      ['teams.media.deny.0 [idle-deny]'],
    ],
    [
      'a deny of what needs the whole account',
      { deny: deny('buckets.metrics.list', '*') },
      ['teams.media.deny.0 [idle-deny]'],
    ],
    ['a deny that hits', { deny: deny('buckets.get', '*-prod') }, []],
    [
      'a guardrail on what no role gives',
      { guardrails: [{ name: 'g', cors: { anyOrigin: false } }] },
      ['teams.media.guardrails.0 [idle-guardrail]'],
    ],
  ])('%s', async (_, rules, expected) => {
    expect(await warningsOn(documentOf({ grants: [viewer('media-*')], ...rules }))).toEqual(expected)
  })

  test('a deny of the organization hits when it hits any team', async () => {
    const organization = { deny: deny('buckets.delete', 'data-*') }
    const teams = {
      media: { grants: [viewer('*')] },
      data: { grants: [{ role: 'admin', buckets: ['data-*'] }] },
    }
    expect(await warningsOn({ version: 1, organization, teams })).toEqual([])
  })
})

describe('limits that limit nothing', () => {
  const limits = { buckets: 20 }
  const IDLE = ['teams.media.limits.buckets [idle-limit]']
  const role = (...permissions: string[]) => ({ roles: { mine: { permissions } } })
  const mine = { role: 'mine', buckets: ['media-*'] }

  test.each<[string, object, string[]]>([
    ['a team that may only look', documentOf({ grants: [viewer('media-*')], limits }), IDLE],
    ['a role without creation', documentOf({ grants: [mine], limits }, role('buckets.delete')), IDLE],
    ['a role with it', documentOf({ grants: [mine], limits }, role('buckets.create')), []],
    ['a team that may create and may have none', documentOf({ grants: [ALL], limits: { buckets: 0 } }), []],
    ['no number', documentOf({ grants: [viewer('media-*')], limits: {} }), []],
  ])('%s', async (_, document, expected) => {
    expect(await warningsOn(document)).toEqual(expected)
  })

  test('a grant of another team does not count', async () => {
    const teams = { media: { grants: [viewer('media-*')], limits }, data: { grants: [ALL] } }
    expect(await warningsOn({ version: 1, teams })).toEqual(IDLE)
  })
})

test('a role that no grant gives is named', async () => {
  const roles = { used: { permissions: ['*'] }, idle: { permissions: ['*'] } }
  const document = documentOf({ grants: [{ role: 'used', buckets: ['a'] }] }, { roles })
  expect(await warningsOn(document)).toEqual(['roles.idle [unused-role]'])
})

test('a team without grants is named', async () => {
  expect(await warningsOn(documentOf({}))).toEqual([
    'teams [nobody-left]',
    'teams.media [team-without-grants]',
  ])
})

describe('patterns held against the buckets there are', () => {
  const document = documentOf({
    grants: [
      { role: 'viewer', buckets: ['media-*', 'media_site'.replace('_', '-'), '*'], jurisdictions: ['eu'] },
    ],
  })
  const FIRST = 'teams.media.grants.0.buckets.0 [unmatched-pattern]'
  const SECOND = 'teams.media.grants.0.buckets.1 [unmatched-pattern]'

  test('a name alone is in default, as everywhere', async () => {
    expect(await warningsOn(document, '--buckets', 'media-site')).toEqual([FIRST, SECOND])
    expect(await warningsOn(document, '--buckets', 'eu/media-site')).toEqual([])
  })

  test('a file has one to a line, with comments', async () => {
    const list = folder.write('buckets.txt', '# ours\neu/media-assets # main\n\n')
    expect(await warningsOn(document, '--buckets', list)).toEqual([SECOND])
  })

  test('the answer of GET /v1/buckets is a list too', async () => {
    const buckets = [{ name: 'media-site', jurisdiction: 'eu', location: 'WEUR' }]
    const list = folder.write('buckets.json', { buckets, nextCursor: null })
    expect(await warningsOn(document, '--buckets', list)).toEqual([])
  })

  test('deny rules and guardrails are held against it as well', async () => {
    const rules = {
      deny: [{ name: 'no', permissions: ['*'], buckets: ['old-*'] }],
      guardrails: [{ name: 'g', buckets: ['older-*'], managedDomain: { public: false } }],
    }
    expect(await warningsOn(documentOf({ grants: [ALL], ...rules }), '--buckets', 'media-site')).toEqual([
      'teams.media.deny.0.buckets.0 [unmatched-pattern]',
      'teams.media.guardrails.0.buckets.0 [unmatched-pattern]',
    ])
  })

  test.each([
    ['mars/media-site', 'no jurisdiction is called "mars"'],
    ['Media', 'is neither a file nor a bucket'],
    ['nowhere.txt', 'nowhere.txt cannot be read'],
  ])('%s is refused', async (given, message) => {
    const { stderr, code } = await policyCommand(
      'check',
      folder.write('p.json', document),
      '--buckets',
      given,
    )
    expect(stderr).toContain(message)
    expect(code).toBe(1)
  })
})

describe('what no guardrail names', () => {
  const ZONE = '023e105f4ecef8ad9ca31a8372d0c353'
  const naming = [
    { name: 'zones', customDomains: { zoneIds: [ZONE] } },
    { name: 'queues', eventNotifications: { queues: [ZONE] } },
    { name: 'sources', sippy: { sourceBuckets: ['old-*'] } },
  ]
  const admin = { role: 'admin', buckets: ['media-*'] }
  const open = async (team: object, organization: object = {}) =>
    (await allWarningsOn(documentOf({ grants: [admin], ...team }, { organization }))).length

  test('is open to a grant on a few buckets, for whatever zone, queue or source', async () => {
    expect(await open({})).toBe(3)
  })

  test('is closed by guardrails that name it, of the team or the organization', async () => {
    expect(await open({ guardrails: naming })).toBe(0)
    expect(await open({}, { guardrails: naming })).toBe(0)
  })

  test('is closed by hostnames as by zones', async () => {
    const hosts = { name: 'hosts', customDomains: { hostnames: ['*.example.com'] } }
    expect(await open({ guardrails: [hosts] })).toBe(2)
  })

  test.each([{ mode: 'warn' }, { buckets: ['media-a'] }, { jurisdictions: ['eu'] }])(
    'is not closed by a guardrail with %j',
    async (change) => {
      expect(await open({ guardrails: naming.map((one) => ({ ...one, ...change })) })).toBeGreaterThanOrEqual(
        3,
      )
    },
  )

  test('is closed by default where the organization says so', async () => {
    expect(await open({}, { closedByDefault: true })).toBe(0)
  })

  test('is open to no viewer', async () => {
    expect(await open({ grants: [viewer('media-*')] })).toBe(0)
  })
})

describe('what deny rules leave', () => {
  const deny = (permissions: string[], change: object = {}) => [
    { name: 'no', permissions, buckets: ['*'], ...change },
  ]

  test('nothing of a grant is a warning, and so is nothing of all grants', async () => {
    expect(await warningsOn(documentOf({ grants: [viewer('a')], deny: deny(['*']) }))).toEqual([
      'teams [nobody-left]',
      'teams.media.grants.0 [swallowed-grant]',
    ])
  })

  test('some of it is none', async () => {
    expect(await warningsOn(documentOf({ grants: [viewer('a')], deny: deny(['buckets.list']) }))).toEqual([])
  })

  test('all of it elsewhere is none', async () => {
    const elsewhere = deny(['*'], { jurisdictions: ['default'] })
    const grant = { ...viewer('a'), jurisdictions: ['default', 'eu'] }
    expect(await warningsOn(documentOf({ grants: [grant], deny: elsewhere }))).toEqual([])
  })

  test('one grant beside another that is swallowed', async () => {
    const one = documentOf({ grants: [viewer('a'), viewer('b')], deny: deny(['*'], { buckets: ['a'] }) })
    expect(await warningsOn(one)).toEqual(['teams.media.grants.0 [swallowed-grant]'])
  })

  test('a policy without teams leaves nobody', async () => {
    expect(await warningsOn({ version: 1, teams: {} })).toEqual(['teams [nobody-left]'])
  })
})

describe('teams that may change the same buckets', () => {
  const editor = (...buckets: string[]) => ({ role: 'editor', buckets })
  const shared = (one: object, other: object) =>
    warningsOn({ version: 1, teams: { media: { grants: [one] }, web: { grants: [other] } } })

  test.each<[string, object, object]>([
    ['the same name', editor('a'), editor('a')],
    ['globs that overlap', editor('a*'), editor('*b')],
  ])('%s is a warning, at the second', async (_, one, other) => {
    expect(await shared(one, other)).toEqual(['teams.web.grants.0 [shared-buckets]'])
  })

  test.each<[string, object, object]>([
    ['other buckets', editor('a*'), editor('b*')],
    ['another jurisdiction', editor('a'), { ...editor('a'), jurisdictions: ['eu'] }],
    ['one that only reads', editor('a'), viewer('a')],
    ['one that holds everything', editor('a'), ALL],
  ])('%s is none', async (_, one, other) => {
    expect(await shared(one, other)).toEqual([])
  })
})

test.each([
  { customDomains: { minTLS: '1.0' } },
  { cors: { anyOrigin: true } },
  { bucketCreation: { storageClasses: ['Standard', 'InfrequentAccess'] } },
])('the guardrail %j lets every value pass, and is idle', async (kind) => {
  expect(await warningsOn(documentOf({ grants: [ALL], guardrails: [{ name: 'idle', ...kind }] }))).toEqual([
    'teams.media.guardrails.0 [idle-guardrail]',
  ])
})
