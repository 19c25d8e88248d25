import { afterAll, expect, test } from 'vitest'
import { documentOf, Folder, policyCommand } from './policy-run.ts'

const folder = new Folder()
afterAll(() => folder.remove())

const GRANTS = [{ role: 'viewer', buckets: ['media-*'] }]
const _VALID = documentOf({ grants: GRANTS })

/** Checks a text, and gives what was said without the name of the file. */
async function check(text: string | object, ...flags: string[]) {
  const file = folder.write('policy.yaml', text)
  const { stdout, ...rest } = await policyCommand('check', file, ...flags)
  return { ...rest, stdout: stdout.replaceAll(file, 'FILE') }
}

const lines = (...text: string[]) => `${text.join('\n')}\n`
const team = (...text: string[]) =>
  lines('version: 1', 'teams:', '  media:', ...text.map((line) => `    ${line}`))

test.each<[string, string, string]>([
  [
    'an unknown key',
    team('grantz: []'),
    'FILE:4:13: teams.media.grantz: is not known; did you mean "grants"?',
  ],
  [
    'an unknown key, with those that are known',
    team('quota: {}'),
    'teams.media.quota: is not known (known here: grants, deny, guardrails, limits, contact)',
  ],
  [
    'an age in words',
    team('guardrails: [{ name: keep, lifecycle: { minDeleteAge: 30 days } }]'),
    'FILE:4:59: teams.media.guardrails.0.lifecycle.minDeleteAge: expected an age such as 30d or 12h, found "30 days"',
  ],
  [
    'a glob with a regular expression in it',
    team('grants: [{ role: viewer, buckets: ["media-(a|b)+"] }]'),
    'FILE:4:40: teams.media.grants.0.buckets.0: expected a bucket name, or a glob',
  ],
  [
    'two rules of one name',
    team(
      'deny: [{ name: twin, permissions: [buckets.delete], buckets: ["*"] }]',
      'guardrails: [{ name: twin, managedDomain: { public: false } }]',
    ),
    'FILE:5:26: teams.media.guardrails.0.name: a second rule is called "twin"',
  ],
  [
    'a key that stands twice',
    team('grants: []', 'grants: []'),
    'FILE:5:5: document: the key "grants" stands twice in one map',
  ],
  [
    'a kind of guardrail that does not exist',
    team('guardrails: [{ name: budget, quota: { buckets: 3 } }]'),
    'teams.media.guardrails.0.quota: is not known (known here: name, mode, buckets, jurisdictions, reason, bucketCreation',
  ],
  [
    'two kinds in one guardrail',
    team('guardrails: [{ name: both, managedDomain: { public: false }, cors: { anyOrigin: false } }]'),
    'FILE:4:18: teams.media.guardrails.0: is of exactly one kind: bucketCreation',
  ],
  [
    'a limit that nothing enforces',
    team('limits: { requestsPerMinute: 600 }'),
    'FILE:4:34: teams.media.limits.requestsPerMinute: is not known (known here: buckets)',
  ],
  [
    'a limit that is not whole',
    team('limits: { buckets: 2.5 }'),
    'FILE:4:24: teams.media.limits.buckets: expected a whole number, found 2.5',
  ],
  ['an empty file', '', 'FILE:1:1: document: expected a map, found nothing'],
  ['a list in place of the document', '- version: 1\n', 'FILE:1:1: document: expected a map, found a list'],
  ['a list in place of a map', team('- grants: []'), 'FILE:4:5: teams.media: expected a map, found a list'],
  [
    'a map in place of a list',
    team('grants: { role: viewer }'),
    'FILE:4:13: teams.media.grants: expected a list, found a map',
  ],
  ['a version that does not exist', 'version: 2\nteams: {}\n', 'FILE:1:10: version: expected 1, found 2'],
  [
    'a role that does not exist',
    team('grants: [{ role: edtor, buckets: [a] }]'),
    'FILE:4:22: teams.media.grants.0.role: no role is called "edtor" (did you mean "editor"?)',
  ],
  [
    'an operation that does not exist',
    team('deny: [{ name: a, permissions: [bucket.delete], buckets: [a] }]'),
    'teams.media.deny.0.permissions.0: no operation is called "bucket.delete" (did you mean "buckets.delete"?)',
  ],
  [
    'a jurisdiction that does not exist',
    team('grants: [{ role: viewer, buckets: [a], jurisdictions: [EU] }]'),
    'teams.media.grants.0.jurisdictions.0: expected one of "default", "eu", "us", "fedramp", "fedramp-high", "*", found "EU"; did you mean "eu"?',
  ],
  [
    'a number that is too big',
    team('guardrails: [{ name: c, cors: { maxAgeSeconds: 90000 } }]'),
    'expected at most 86400, found 90000',
  ],
  [
    'an origin without a scheme',
    team('guardrails: [{ name: c, cors: { origins: [media.example.com] } }]'),
    'teams.media.guardrails.0.cors.origins.0: expected scheme://host[:port]',
  ],
  [
    'a guardrail that says nothing',
    team('guardrails: [{ name: c, cors: {} }]'),
    'teams.media.guardrails.0.cors: says nothing: name origins',
  ],
  [
    'no buckets at all',
    team('grants: [{ role: viewer, buckets: [] }]'),
    'teams.media.grants.0.buckets: expected a list of at least 1, found an empty list',
  ],
  [
    'a team with a name in capitals',
    lines('version: 1', 'teams:', '  Media: {}'),
    'FILE:3:10: teams.Media: expected lower-case letters, digits and hyphens, at most 63, found "Media"',
  ],
  ['tabs', lines('version: 1', 'teams:', '\tmedia: {}'), 'a tab cannot indent YAML; use spaces'],
  [
    'a glob without quotes',
    team('grants: [{ role: viewer, buckets: [*-prod] }]'),
    'FILE:4:40: document: *-prod without quotes is an alias in YAML, and there is no anchor of that name (write "*-prod")',
  ],
  ['a list of deep lists', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'document: it is nested too deeply'],
])('refused with its place, and with what was expected: %s', async (_, text, problem) => {
  const { stdout, code } = await check(text)
  expect(stdout).toContain(problem)
  expect(code).toBe(1)
})

test('aliases that multiply are refused, and not followed, which would never end', async () => {
  const bomb = Array.from({ length: 20 }, (_, index) =>
    index === 0
      ? 'a0: &a0 [x, x]'
      : `a${index}: &a${index} [${Array(9)
          .fill(`*a${index - 1}`)
          .join(', ')}]`,
  )
  const { stdout, code } = await check(lines('version: 1', ...bomb))
  expect(stdout).toContain('document: its aliases multiply too far')
  expect(code).toBe(1)
})

test('an alias stands for what it names, and its problems stand where that is written', async () => {
  const { stdout } = await check(
    lines(
      'version: 1',
      'teams:',
      '  media: { grants: &all [{ role: viewer, buckets: [A] }] }',
      '  data: { grants: *all }',
    ),
  )
  expect(stdout.match(/FILE:3:52: /g)).toHaveLength(2)
})

test('errors come in the order of the file, counted at the end', async () => {
  const { stdout } = await check(lines('teams: { media: { grants: none } }', 'version: 2'))
  expect(stdout).toMatch(/^FILE:1:.+\nFILE:2:.+\nFILE is not valid: 2 errors\n$/)
})
