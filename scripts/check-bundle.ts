/** Builds the Worker as `wrangler deploy` would and holds its size to the bar, gzipped, pages left out. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { wrangler } from '../cli/d1.ts'

const MAX_KIB = 120

const folder = mkdtempSync(path.join(tmpdir(), 'warden-bundle-'))
try {
  await wrangler('deploy', '--dry-run', '--outdir', folder, '--minify')
  const files = readdirSync(folder).filter((file) => /\.(js|mjs|wasm)$/.test(file))
  if (files.length === 0) throw new Error('the build left no Worker')
  const bytes = files.reduce(
    (sum, file) => sum + gzipSync(readFileSync(path.join(folder, file)), { level: 9 }).length,
    0,
  )
  const kib = bytes / 1024
  console.log(`Worker bundle: ${kib.toFixed(1)} KiB gzipped (bar: ${MAX_KIB} KiB)`)
  if (kib > MAX_KIB) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
