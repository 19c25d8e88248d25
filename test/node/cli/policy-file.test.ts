import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readPolicyFile } from '../../../cli/policy-file.ts'
import { Failure } from '../../../cli/report.ts'

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'warden-test-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function read(text: string, name = 'policy.yaml') {
  const file = path.join(folder, name)
  writeFileSync(file, text)
  return readPolicyFile(file)
}

/** What is reported, each as `line:column: …`, after the name of the file. */
function problemsOf(text: string): string[] {
  const { problems } = read(text)
  return (problems ?? []).map((problem) => problem.replace(`${path.join(folder, 'policy.yaml')}:`, ''))
}

const lines = (...text: string[]) => `${text.join('\n')}\n`

test('the example policy is accepted', () => {
  const file = path.join(import.meta.dirname, '../../../policy/example.yaml')
  expect(readPolicyFile(file).problems).toBeNull()
})

test('a document in YAML is read', () => {
  const { document } = read(
    'version: 1\nteams: { media: { grants: [{ role: viewer, buckets: ["media-*"] }] } }\n',
  )
  expect(document?.teams.media?.grants).toEqual([
    { role: 'viewer', buckets: ['media-*'], jurisdictions: ['default'] },
  ])
})

test('the same document in JSON reads the same', () => {
  const yaml = read('version: 1\nteams:\n  media:\n    grants:\n      - role: viewer\n        buckets: [a]\n')
  const json = read(
    JSON.stringify({ version: 1, teams: { media: { grants: [{ role: 'viewer', buckets: ['a'] }] } } }),
    'policy.json',
  )
  expect(json.document).toEqual(yaml.document)
  expect(json.problems).toBeNull()
})

test('a problem begins with the file, the line and the column, as editors and CI read them', () => {
  const { problems } = read('version: 2\nteams: {}\n')
  expect(problems).toEqual([expect.stringMatching(/policy\.yaml:1:10: version: /)])
  expect(problems?.[0]).toContain(folder)
})

test.each<[string, string, string]>([
  ['a list that is not closed', lines('version: 1', 'teams: {', '  media: [', '}'), '4:1: '],
  ['a tab for indentation', lines('version: 1', 'teams:', '\tmedia: {}'), '3:1: '],
  ['a text that is not closed', lines('version: "1', 'teams: {}'), '3:1: '],
  ['a tag that means something else', lines('version: 1', 'teams: !include teams.yaml'), '2:8: '],
])('broken YAML is reported where it breaks: %s', (_, text, place) => {
  const { document } = read(text)
  expect(document).toBeNull()
  expect(problemsOf(text)[0]).toMatch(new RegExp(`^${place}.+`))
})

test.each<[string, string]>([
  ['a bare star', '[*]'],
  ['a glob that starts with a star', '[*-prod]'],
])('%s without quotes, which YAML takes for an alias, is reported on its line', (_, buckets) => {
  const text = lines(
    'version: 1',
    'teams:',
    '  media:',
    '    grants:',
    `      - { role: viewer, buckets: ${buckets} }`,
  )
  expect(problemsOf(text)).toEqual(expect.arrayContaining([expect.stringMatching(/^5:\d+: /)]))
})

test('aliases that multiply are refused, not followed', () => {
  const text = lines(
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...['b', 'c', 'd', 'e', 'f'].map((name, index) => {
      const before = 'abcde'.charAt(index)
      return `${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`
    }),
  )
  expect(read(text).document).toBeNull()
})

test('a key that stands twice is reported at the second', () => {
  const text = lines('version: 1', 'teams:', '  media: {}', '  data: {}', '  media: {}')
  expect(problemsOf(text)).toEqual([expect.stringMatching(/^5:3: /)])
})

test('a key that stands twice in JSON is reported too', () => {
  expect(problemsOf('{ "version": 1, "teams": {},\n  "teams": {} }')).toEqual([
    expect.stringMatching(/^2:3: /),
  ])
})

test('two documents in one file are refused', () => {
  expect(problemsOf(lines('version: 1', 'teams: {}', '---', 'version: 1', 'teams: {}'))).not.toEqual([])
})

test.each<[string, string, string]>([
  [
    'a role that is not there',
    'grants: [{ role: nobody, buckets: [a] }]',
    '4:22: teams.media.grants.0.role: ',
  ],
  [
    'a name that is no bucket',
    'grants: [{ role: viewer, buckets: [a, B] }]',
    '4:43: teams.media.grants.0.buckets.1: ',
  ],
  ['a key that is not known', 'grant: []', '4:12: teams.media.grant: is not known'],
  ['a list that is none', 'grants: all', '4:13: teams.media.grants: '],
  ['a limit that is none', 'limits: { buckets: many }', '4:24: teams.media.limits.buckets: '],
])('a wrong field is reported where it stands: %s', (_, part, problem) => {
  const text = lines('version: 1', 'teams:', '  media:', `    ${part}`)
  expect(problemsOf(text)).toEqual([expect.stringContaining(problem)])
})

test('a field that is missing is reported at what lacks it', () => {
  const text = lines('version: 1', 'teams:', '  media:', '    grants:', '      - role: viewer')
  expect(problemsOf(text)).toEqual([expect.stringMatching(/^5:9: teams\.media\.grants\.0\.buckets: /)])
})

test.each(['a/b', 'a~b', '~1', 'Media'])(
  '%j is no name for a team: said on its line, with what a name may be',
  (team) => {
    const [problem, ...more] = problemsOf(lines('version: 1', 'teams:', '  media: {}', `  "${team}": {}`))
    expect(problem).toMatch(/^4:\d+: /)
    expect(problem).toContain(` teams.${team}: `)
    expect(problem).toContain('lower-case letters')
    expect(more).toEqual([])
  },
)

test.each(['2026', '"2026"'])('a team that is called %s has its problems where they stand', (team) => {
  const text = lines('version: 1', 'teams:', '  media: {}', `  ${team}:`, '    grants: none')
  expect(problemsOf(text)).toEqual([expect.stringMatching(/^5:13: teams\.2026\.grants: /)])
})

test('a key that is not known is called by its name', () => {
  const text = lines('version: 1', 'teams: {}', 'a/b: 1')
  expect(problemsOf(text)).toEqual([expect.stringMatching(/^3:6: a\/b: is not known$/)])
})

test('every problem is reported at once', () => {
  const text = lines('version: 2', 'team: {}', 'teams:', '  Media: {}', '  data: { grants: none }')
  const places = problemsOf(text).map((problem) => problem.split(':', 1)[0])
  expect(new Set(places)).toEqual(new Set(['1', '2', '4', '5']))
})

test.each(['', '# nothing but a comment\n', '- version: 1\n', 'version\n', '1\n'])(
  'a file that holds no document is refused: %j',
  (text) => {
    expect(problemsOf(text)).toEqual([expect.stringMatching(/^1:\d+: document: /)])
  },
)

test('a file that is not there is said to be unreadable, by its name', () => {
  const file = path.join(folder, 'nowhere.yaml')
  expect(() => readPolicyFile(file)).toThrow(Failure)
  expect(() => readPolicyFile(file)).toThrow(`${file} cannot be read`)
})

test('a folder in place of a file is said to be unreadable', () => {
  expect(() => readPolicyFile(folder)).toThrow(Failure)
})
