import { globSync } from 'node:fs'
import path from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { expect, test } from 'vitest'

/** What policies mean is told by src/analysis: to the CLI, to the API, to pages in a browser. */

const root = path.join(import.meta.dirname, '../..')

/** The files that a bundle is made of; it can't be made where an import doesn't exist for its platform. */
async function filesIn(options: BuildOptions): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    metafile: true,
    write: false,
    outdir: 'not-written',
    logLevel: 'silent',
    ...options,
  })
  return Object.keys(metafile?.inputs ?? {})
}

const analysis = globSync('src/analysis/**/*.ts', { cwd: root })

test('all of the analysis can be bundled for a browser', async () => {
  expect(await filesIn({ entryPoints: analysis, platform: 'browser' })).toEqual(
    expect.arrayContaining(analysis),
  )
})

test('of the analysis, the Worker has only what makes facts of a question', async () => {
  const worker = { conditions: ['workerd', 'worker'], external: ['cloudflare:*'] }
  const files = await filesIn({ entryPoints: ['src/index.ts'], ...worker })
  expect(files.filter((file) => file.startsWith('src/analysis/'))).toEqual(['src/analysis/simulate.ts'])
})
