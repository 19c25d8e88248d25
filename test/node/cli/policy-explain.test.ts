import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { EXAMPLE, Folder, policyCommand } from './policy-run.ts'

const folder = new Folder()
afterAll(() => folder.remove())

const explain = (...flags: string[]) => policyCommand('explain', EXAMPLE, ...flags)
const GET = ['--team', 'media', '--operation', 'buckets.get', '--bucket', 'media-assets']
const UPDATE = ['--team', 'media', '--operation', 'buckets.cors.update', '--bucket', 'media-assets', '--body']
const STAR = '{"rules":[{"allowed":{"origins":["*"],"methods":["GET"]}}]}'

const firstLine = ({ stdout }: { stdout: string }) => stdout.split('\n', 1)[0]

describe('the first line is the verdict', () => {
  test('allowed, by which grant', async () => {
    expect(firstLine(await explain(...GET))).toBe(
      'ALLOWED  media: buckets.get on default/media-assets: by teams.media.grants[0] (admin)',
    )
  })

  test('denied, by which rule', async () => {
    const said = await explain(
      '--team',
      'media',
      '--operation',
      'buckets.delete',
      '--bucket',
      'media-site-prod',
    )
    expect(firstLine(said)).toMatch(
      /^DENIED {2}media: buckets\.delete on default\/media-site-prod: .*prod-is-forever/,
    )
  })

  test('allowed with a warning', async () => {
    const rule =
      '{"id":"a","enabled":true,"deleteObjectsTransition":{"condition":{"type":"Age","maxAge":60}},"conditions":{}}'
    const said = await explain(
      '--team',
      'media',
      '--operation',
      'buckets.lifecycle.update',
      '--bucket',
      'media-prod-a',
      '--body',
      `{"rules":[${rule}]}`,
    )
    expect(firstLine(said)).toMatch(/^ALLOWED, with a warning/)
    expect(said.stdout).toContain('keep-a-month  team, lifecycle, warn  violated')
  })
})

test('every grant of the team is told, with what it lacks', async () => {
  const { stdout } = await explain(...UPDATE, STAR)
  expect(stdout).toMatch(/teams\.media\.grants\[0\] +admin +media-\* in default, eu +holds/)
  expect(stdout).toMatch(
    /grants\[1\] +viewer .+does not give buckets\.cors\.update, does not cover the place/,
  )
})

test('a violated guardrail is told with pointer, value and what is allowed', async () => {
  const { stdout } = await explain(...UPDATE, STAR)
  expect(stdout).toContain('media-origins  team, cors, enforce  violated')
  expect(stdout).toContain('/rules/0/allowed/origins/0: origin * is not allowed')
  expect(stdout).toMatch(/value +"\*"/)
  expect(stdout).toMatch(/allowed +\["https:\/\/\*\.media\.example\.com"\]/)
})

test('a denial for want of a grant ends with the smallest one, which makes it allowed', async () => {
  const asked = ['--team', 'media', '--operation', 'buckets.cors.get', '--bucket', 'finance-ledger']
  const { stdout } = await explain(...asked)
  const [, yaml = ''] = stdout.split('to merge into the document\n')
  const smallest = parse(yaml)
  const file = folder.write('with-it.json', { version: 1, ...smallest })
  expect((await policyCommand('explain', file, ...asked, '--exit-code')).code).toBe(0)
})

test("a key's scope narrows", async () => {
  const flags = ['--team', 'media', '--operation', 'buckets.cors.delete', '--bucket', 'media-assets']
  expect(firstLine(await explain(...flags, '--role', 'viewer'))).toMatch(/^DENIED .*scope of this key/)
  expect(firstLine(await explain(...flags, '--permissions', 'buckets.cors.*,buckets.get'))).toMatch(
    /^ALLOWED/,
  )
  expect(firstLine(await explain(...flags, '--buckets', 'media-site*'))).toMatch(/^DENIED/)
  expect(firstLine(await explain(...flags, '--jurisdictions', 'eu'))).toMatch(/^DENIED/)
})

test('it exits with 0 whatever the answer', async () => {
  expect((await explain(...UPDATE, STAR)).code).toBe(0)
})

test('with --exit-code a denial exits with 2', async () => {
  expect((await explain(...UPDATE, STAR, '--exit-code')).code).toBe(2)
  expect((await explain(...GET, '--exit-code')).code).toBe(0)
})

test('--json is what POST /v1/explain answers', async () => {
  const { stdout } = await explain(...UPDATE, STAR, '--json')
  expect(JSON.parse(stdout)).toMatchObject({
    team: 'media',
    operation: 'buckets.cors.update',
    allowed: false,
    code: 'guardrail_violation',
    decidedBy: { kind: 'guardrail', rules: ['media-origins'] },
    guardrails: [{ guardrail: 'media-origins', verdict: 'violated' }],
    smallestGrant: null,
  })
})

test('a body and what is there now are read from files too', async () => {
  const body = folder.write('body.yaml', 'enabled: true\n')
  const current = folder.write('current.json', { minTLS: '1.3' })
  const flags = [
    '--team',
    'media',
    '--operation',
    'buckets.domains.custom.update',
    '--bucket',
    'media-assets',
    '--domain',
    'cdn.media.example.com',
    '--body',
    body,
  ]
  expect(firstLine(await explain(...flags, '--current', current))).toMatch(/^ALLOWED/)
})

test('what a guardrail lacks to judge is said beside the answer', async () => {
  const { stdout, stderr } = await explain(
    '--team',
    'media',
    '--operation',
    'buckets.domains.custom.update',
    '--bucket',
    'media-assets',
    '--domain',
    'cdn.media.example.com',
    '--body',
    '{"enabled":true}',
    '--json',
  )
  expect(JSON.parse(stdout)).toMatchObject({ allowed: false })
  expect(stderr).toContain('Without --current, a guardrail finds fault')
})

describe('the limit on buckets, whose count a document does not know', () => {
  const create = (bucket: string) =>
    explain('--team', 'media', '--operation', 'buckets.create', '--body', JSON.stringify({ name: bucket }))

  test('is said beside a creation that is allowed', async () => {
    expect((await create('media-launch')).stderr).toContain('limits.buckets is 20')
  })

  test('is not spoken of where creation is denied anyway', async () => {
    expect((await create('finance-launch')).stderr).toBe('')
  })

  test('is not spoken of where nothing is created', async () => {
    expect((await explain(...GET)).stderr).toBe('')
  })
})

test.each<[string, string[], string]>([
  [
    'an unknown team',
    ['--team', 'meida', '--operation', 'buckets.list'],
    '--team: no team is called "meida"; did you mean "media"?',
  ],
  [
    'an unknown operation',
    ['--team', 'media', '--operation', 'buckets.lst'],
    '--operation: no operation is called "buckets.lst"; did you mean "buckets.list"?',
  ],
  [
    'an unknown role',
    [...GET, '--role', 'viewr'],
    '--role: no role is called "viewr"; did you mean "viewer"?',
  ],
  [
    'an unknown jurisdiction',
    [...GET, '--jurisdiction', 'europe'],
    '--jurisdiction: no jurisdiction is called "europe". Known: default, eu, us',
  ],
  [
    'an unknown permission',
    [...GET, '--permissions', 'buckets.gets'],
    '--permissions: no operation is called "buckets.gets"; did you mean "buckets.get"?',
  ],
  ['a scope that cannot be', [...GET, '--buckets', 'A!'], 'The scope of the key is not valid'],
  ['no bucket', ['--team', 'media', '--operation', 'buckets.get'], '--bucket: buckets.get needs it'],
  ['a domain where there is none', [...GET, '--domain', 'a.example.com'], '--domain: buckets.get has none'],
  ['a body that is no JSON', [...UPDATE, '{"rules":'], '--body:1:'],
  ['a body with a key twice', [...UPDATE, '{"rules":[],"rules":[]}'], 'the key "rules" stands twice'],
  [
    'a body that is not there',
    [...UPDATE, 'nowhere.json'],
    '--body: "nowhere.json" is neither a file nor JSON',
  ],
  ['a body of another shape', [...UPDATE, '{"rules":[],"rule":1}'], '--body /rule: is not known'],
  ['no team', ['--operation', 'buckets.list'], "required option '--team <team>' not specified"],
  ['a flag with a slip in it', [...GET, '--jurisdicton', 'eu'], 'Did you mean --jurisdiction?'],
])('a wrong question is refused with what is wrong: %s', async (_, flags, said) => {
  const { stdout, stderr, code } = await explain(...flags)
  expect(stderr).toContain(said)
  expect(stdout).toBe('')
  expect(code).toBe(1)
})
