import { readFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { wrangler } from '../../cli/d1.ts'

/** The Workers that are measured, each as one script. */
export interface Bundles {
  /** Exactly what `npm run deploy` would upload. */
  readonly warden: string
  readonly passThrough: string
  readonly minimal: string
  readonly empty: string
}

export async function makeBundles(folder: string): Promise<Bundles> {
  const [, passThrough, minimal, empty] = await Promise.all([
    wrangler('deploy', '--dry-run', '--outdir', folder, '--minify'),
    worker('pass-through'),
    worker('minimal'),
    worker('empty'),
  ])
  return { warden: readFileSync(path.join(folder, 'index.js'), 'utf8'), passThrough, minimal, empty }
}

/** Bundles a Worker of the bench's as wrangler would. */
async function worker(name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(import.meta.dirname, '..', 'workers', `${name}.ts`)],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}
