import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'

/** The rules of the house are held by the linter: what breaks one of them is planted in a copy, and has to be found. */

const PROJECT = path.join(import.meta.dirname, '..', '..')

/** What is planted, by where, with the rule that forbids it. */
const PLANTED: readonly [what: string, file: string, rule: string, text: string][] = [
  [
    'an import upwards, of a value',
    'src/policy/planted-value.ts',
    'lint/style/noRestrictedImports',
    "import { log } from '../log.ts'\nlog('info', 'planted', {})\n",
  ],
  [
    'an import upwards, of a type',
    'src/store/planted-type.ts',
    'lint/style/noRestrictedImports',
    "import type { Lane } from '../lanes/lane.ts'\nexport type Planted = Lane\n",
  ],
  [
    'an import from a room beside it',
    'src/upstream/planted-beside.ts',
    'lint/style/noRestrictedImports',
    "import { findKey } from '../store/keys.ts'\nexport const planted = findKey\n",
  ],
  [
    'Hono below the dialects',
    'src/lanes/planted-hono.ts',
    'lint/style/noRestrictedImports',
    "import type { Context } from 'hono'\nexport type Planted = Context\n",
  ],
  [
    'the runtime in a declaration',
    'src/routes/planted-runtime.ts',
    'lint/style/noRestrictedImports',
    "import { env } from 'cloudflare:workers'\nexport const planted = env\n",
  ],
  [
    'a circle of types',
    'src/lanes/planted-circle.ts',
    'lint/suspicious/noImportCycles',
    "import type { Back } from './planted-back.ts'\nexport type Planted = Back | null\n",
  ],
  [
    'the other half of it',
    'src/lanes/planted-back.ts',
    'lint/suspicious/noImportCycles',
    "import type { Planted } from './planted-circle.ts'\nexport type Back = { planted: Planted }\n",
  ],
  [
    'a call over the network in an analysis',
    'src/analysis/planted-fetch.ts',
    'lint/style/noRestrictedGlobals',
    "export const planted = () => fetch('https://example.com')\n",
  ],
  ['a clock in policy', 'src/policy/planted-clock.ts', 'plugin', 'export const planted = () => Date.now()\n'],
  [
    'SQL outside the store',
    'src/lanes/planted-sql.ts',
    'plugin',
    "export const planted = 'DELETE FROM keys'\n",
  ],
  [
    'SQL in the command line, in a template',
    'cli/planted-sql.ts',
    'plugin',
    ['export const planted = (id: string) => `SELECT id\n  FROM keys WHERE id = ', '{id}`\n'].join('$'),
  ],
  [
    'a route that is no operation',
    'src/gateway/planted-route.ts',
    'plugin',
    "import { Hono } from 'hono'\nexport const app = new Hono()\napp.get('/planted', (context) => context.text('planted'))\n",
  ],
  [
    'every locale of zod',
    'src/policy/planted-zod.ts',
    'plugin',
    "import { z } from 'zod'\nexport const planted = z.string()\n",
  ],
]

const reportSchema = z.object({
  diagnostics: z.array(
    z.object({ category: z.string(), location: z.object({ path: z.string() }).nullish() }),
  ),
})

let copy = ''
let found: { readonly file: string; readonly rule: string }[] = []

beforeAll(async () => {
  copy = mkdtempSync(path.join(tmpdir(), 'house-'))
  for (const part of ['src', 'cli', 'lint', 'biome.json', 'tsconfig.json', 'package.json'])
    cpSync(path.join(PROJECT, part), path.join(copy, part), { recursive: true })
  symlinkSync(path.join(PROJECT, 'node_modules'), path.join(copy, 'node_modules'))
  for (const [, file, , text] of PLANTED) {
    mkdirSync(path.dirname(path.join(copy, file)), { recursive: true })
    writeFileSync(path.join(copy, file), text)
  }
  found = await lint()
})

afterAll(() => rmSync(copy, { recursive: true, force: true }))

async function lint(): Promise<typeof found> {
  const biome = path.join(PROJECT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome')
  const args = [
    biome,
    'lint',
    '--vcs-enabled=false',
    '--reporter=json',
    '--max-diagnostics=500',
    'src',
    'cli',
  ]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: copy }).catch(
    (error: { stdout: string }) => error,
  )
  const { diagnostics } = reportSchema.parse(JSON.parse(stdout))
  return diagnostics.map(({ category, location }) => ({ file: location?.path ?? '', rule: category }))
}

test.each(PLANTED)('%s is found (%s)', (_what, file, rule) => {
  expect(found.filter((one) => one.file === file).map((one) => one.rule)).toContain(rule)
})

test('nothing else in the house breaks a rule', () => {
  expect(found.filter(({ file }) => !file.includes('planted'))).toEqual([])
})
