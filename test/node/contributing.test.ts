import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** What CONTRIBUTING.md says of a new operation is all that it takes: done to a copy, it compiles. */

const PROJECT = path.join(import.meta.dirname, '..', '..')
const guide = readFileSync(path.join(PROJECT, 'CONTRIBUTING.md'), 'utf8')
const blocks = [...guide.matchAll(/```ts (\S+)\n([\s\S]*?)```/g)]

let copy = ''

/** Adds to a file of the copy: an import at its top, and a line behind another. */
function add(file: string, imported: string, behind: string, line: string): void {
  const whole = path.join(copy, file)
  const text = readFileSync(whole, 'utf8')
  expect(text).toContain(behind)
  writeFileSync(whole, `${imported}\n${text.replace(behind, `${behind}\n${line}`)}`)
}

/** What the compiler says of the copy. */
function compile(): Promise<string> {
  const tsc = path.join(PROJECT, 'node_modules', 'typescript', 'bin', 'tsc')
  return new Promise((resolve) => {
    execFile(process.execPath, [tsc, '-p', 'tsconfig.json'], { cwd: copy }, (_error, stdout) =>
      resolve(stdout),
    )
  })
}

beforeAll(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'contributing-'))
  for (const part of ['src', 'package.json'])
    cpSync(path.join(PROJECT, part), path.join(copy, part), { recursive: true })
  const { compilerOptions } = JSON.parse(readFileSync(path.join(PROJECT, 'tsconfig.json'), 'utf8'))
  const types = ['@cloudflare/workers-types']
  const config = { compilerOptions: { ...compilerOptions, types }, include: ['src'] }
  writeFileSync(path.join(copy, 'tsconfig.json'), JSON.stringify(config))
  symlinkSync(path.join(PROJECT, 'node_modules'), path.join(copy, 'node_modules'))
  for (const [, file = '', text = ''] of blocks) writeFileSync(path.join(copy, file), text)
  add('src/routes/warden/index.ts', "import { teamList } from './teams.ts'", '  explain,', '  teamList,')
})

afterAll(() => rmSync(copy, { recursive: true, force: true }))

test('all that is missing then is the line that names the handler, and the compiler says so', async () => {
  const errors = (await compile()).split('\n').filter((line) => line.includes('error TS'))
  expect(errors).toEqual([expect.stringMatching(/^src\/handlers\/index\.ts.*warden\.teams\.list/)])
})
