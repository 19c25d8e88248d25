import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { colorsFor } from '../../../cli/policy/output.ts'
import { type Ran, run } from '../run.ts'
import { EXAMPLE, Folder } from './policy-run.ts'

/** The command as a shell starts it: a process of its own, its output a pipe. */
const PROJECT = path.join(import.meta.dirname, '../../..')
const start = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  run([process.execPath, 'cli/warden.ts', 'policy', ...args], { cwd: PROJECT, env })

const started = new Map<string, Promise<Ran>>()
/** What a command says and ends with; a process is started once for all that is claimed of it. */
function warden(args: readonly string[]): Promise<Ran> {
  const command = args.join(' ')
  const ran = started.get(command) ?? start(args)
  started.set(command, ran)
  return ran
}

const folder = new Folder()
afterAll(() => folder.remove())
const WRONG = folder.write('wrong.yaml', 'version: 1\nteams: { media: { grantz: [] } }\n')

test.each<[string, string[], number]>([
  ['check, without errors', ['check', EXAMPLE], 0],
  ['check, with warnings and --strict', ['check', EXAMPLE, '--strict'], 1],
  ['check, with errors', ['check', WRONG], 1],
  ['test, all passing', ['test', EXAMPLE, '--min-coverage', '100'], 0],
  ['test, of a document with errors', ['test', WRONG], 1],
  ['diff, of a document with errors', ['diff', EXAMPLE, WRONG], 1],
  [
    'explain, denied, with --exit-code',
    [
      'explain',
      EXAMPLE,
      '--team',
      'data',
      '--operation',
      'buckets.delete',
      '--bucket',
      'data-lake',
      '--exit-code',
    ],
    2,
  ],
  [
    'explain, of a team that does not exist',
    ['explain', EXAMPLE, '--team', 'no', '--operation', 'buckets.list'],
    1,
  ],
  ['apply, of a document with errors', ['apply', WRONG], 1],
])('a process exits as it says: %s', async (_, args, code) => {
  expect(await warden(args)).toMatchObject({ code })
})

test.each(['CI', 'GITHUB_ACTIONS', 'FORCE_COLOR'])(
  'a pipe gets no escape codes, whatever %s says',
  async (name) => {
    const { stdout } = await start(['check', WRONG], { [name]: '1' })
    expect(stdout).toContain('teams.media.grantz: is not known')
    expect(stdout).not.toContain('\u001b')
  },
)

test('colours are for a terminal that has them', () => {
  const red = (isTTY: boolean, hasColors: boolean) =>
    colorsFor({ isTTY, hasColors: () => hasColors }).red('x')
  expect(red(true, true)).toContain('\u001b')
  expect(red(true, false)).toBe('x')
  expect(red(false, true)).toBe('x')
})

test('a terminal with NO_COLOR has no colours', async () => {
  const script = `
    import { WriteStream } from 'node:tty'
    import { colorsFor } from './cli/policy/output.ts'
    delete process.env.CI // Node takes a build server for a terminal without colours
    const hasColors = WriteStream.prototype.hasColors.bind(WriteStream.prototype)
    process.stdout.write(colorsFor({ isTTY: true, hasColors: () => hasColors() }).red('x'))`
  const asked = (env: Record<string, string>) =>
    run([process.execPath, '--input-type=module', '-e', script], {
      cwd: PROJECT,
      env: { TERM: 'xterm-256color', ...env },
    })
  expect((await asked({ NO_COLOR: '1' })).stdout).toBe('x')
  expect((await asked({})).stdout).toContain('\u001b')
})

test.each([
  ['check', WRONG],
  ['test', EXAMPLE, '--min-coverage', '100'],
  ['diff', EXAMPLE, EXAMPLE],
])('what %s finds is on stdout, and nothing is on stderr', async (...args) => {
  expect((await warden(args)).stderr).toBe('')
})

test('a mistake shows no stack', async () => {
  const { stderr } = await warden(['apply', WRONG])
  expect(stderr).not.toMatch(/\n\s+at /)
})
