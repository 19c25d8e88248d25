import { afterAll, expect, test } from 'vitest'
import { documentOf, EXAMPLE, Folder, policyCommand } from './policy-run.ts'

const folder = new Folder()
afterAll(() => folder.remove())

const GRANTS = [{ role: 'viewer', buckets: ['media-*'] }]
const VALID = documentOf({ grants: GRANTS })

/** Checks a text, and gives what was said without the name of the file. */
async function check(text: string | object, ...flags: string[]) {
  const file = folder.write('policy.yaml', text)
  const { stdout, ...rest } = await policyCommand('check', file, ...flags)
  return { ...rest, stdout: stdout.replaceAll(file, 'FILE') }
}

const lines = (...text: string[]) => `${text.join('\n')}\n`
const team = (...text: string[]) =>
  lines('version: 1', 'teams:', '  media:', ...text.map((line) => `    ${line}`))

test('a document without errors exits with 0 and says so', async () => {
  expect(await check(VALID)).toEqual({ stdout: 'FILE is valid: 1 team, no warnings\n', stderr: '', code: 0 })
})

test('a file that is not there is named', async () => {
  const { stderr, code } = await policyCommand('check', '/nowhere.yaml')
  expect(stderr).toContain('/nowhere.yaml cannot be read')
  expect(code).toBe(1)
})

const UNUSED = { ...VALID, roles: { idle: { permissions: ['buckets.get'] } } }

test('warnings come with their place and alone exit with 0', async () => {
  const { stdout, code } = await check(UNUSED)
  expect(stdout).toMatch(/^FILE:1:\d+: warning: roles\.idle: no grant gives this role/)
  expect(stdout).toContain('FILE is valid: 1 team, 1 warning')
  expect(code).toBe(0)
})

test('with --strict a warning exits with 1', async () => {
  expect((await check(UNUSED, '--strict')).code).toBe(1)
  expect((await check(VALID, '--strict')).code).toBe(0)
})

test('--json gives errors with their places', async () => {
  const { stdout, code } = await check(team('grantz: []'), '--json')
  expect(JSON.parse(stdout)).toMatchObject({
    valid: false,
    errors: [
      {
        line: 4,
        column: 13,
        path: 'teams.media.grantz',
        hint: 'known here: grants, deny, guardrails, limits, contact',
      },
    ],
    warnings: [],
  })
  expect(code).toBe(1)
})

test('--json gives warnings with their rule and place', async () => {
  const { stdout } = await check(UNUSED, '--json')
  expect(JSON.parse(stdout)).toMatchObject({
    valid: true,
    errors: [],
    warnings: [{ rule: 'unused-role', line: 1, path: 'roles.idle' }],
  })
})

test('the example is valid; the one warning is of the role that is there for keys', async () => {
  const { stdout, code } = await policyCommand('check', EXAMPLE, '--json')
  expect(JSON.parse(stdout).warnings.map(({ path }: { path: string }) => path)).toEqual([
    'roles.domain-manager',
  ])
  expect(code).toBe(0)
})

test('a flag that does not exist is answered with one that does', async () => {
  const { stderr, code } = await policyCommand('check', EXAMPLE, '--stric')
  expect(stderr).toContain('Did you mean --strict?')
  expect(code).toBe(1)
})

test.each(['check', 'test', 'diff', 'explain', 'apply'])('the help of %s has an example', async (command) => {
  const { stdout, code } = await policyCommand(command, '--help')
  expect(stdout).toContain(`\n  npx warden policy ${command} `)
  expect(code).toBe(0)
})

test('a document with an error is not applied, and the errors are those of check', async () => {
  const file = folder.write('wrong.yaml', team('grantz: []'))
  const { stderr, code } = await policyCommand('apply', file)
  expect(stderr).toContain(`${file}:4:13: teams.media.grantz: is not known; did you mean "grants"?`)
  expect(stderr).toContain('Nothing was applied.')
  expect(code).toBe(1)
})
