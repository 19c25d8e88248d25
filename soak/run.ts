/** `npm run soak`: nothing lost, however often the warden is killed. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readOptions } from './options.ts'
import { report } from './report.ts'
import { type Progress, soak } from './soak.ts'

const { kills, seed } = readOptions()
const folder = mkdtempSync(path.join(tmpdir(), 'warden-soak-'))
const startedAt = Date.now()
const secondsSoFar = () => (Date.now() - startedAt) / 1000
let isKept = true
process.once('exit', () => {
  if (isKept) console.error(`What it ran in is kept: ${folder}`)
  else rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(name, () => {
    isKept = false
    process.exit(130)
  })

console.log(`seed ${seed}: to repeat, npm run soak -- --kills ${kills} --seed ${seed}`)
const soaked = await soak({ kills, seed, folder, tell: process.stderr.isTTY ? tellProgress : () => {} })
console.log(`\n${report(soaked, kills, secondsSoFar())}`)
isKept = soaked.discrepancies.length > 0
process.exit(isKept ? 1 : 0)

function tellProgress({ kills: killed, sent }: Progress): void {
  process.stderr.write(`kill ${killed} of ${kills}, ${sent} changes sent, ${secondsSoFar().toFixed(0)} s\n`)
}
