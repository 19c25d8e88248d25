/** `npm run bench`: what the warden costs, as ratios, each measured side by side in one run. */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { makeBundles } from './harness/bundles.ts'
import { isPinned, MEASURING, moveToCore } from './harness/cores.ts'
import { readOptions } from './options.ts'
import { rows } from './rows/index.ts'
import { type Figure, isMet } from './rows/row.ts'
import { figureTable } from './table.ts'

const options = readOptions()
const folder = mkdtempSync(path.join(tmpdir(), 'warden-bench-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))

const progress = (text: string) => process.stderr.write(`${text} …\n`)
const machine = {
  processor: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  isPinned,
  loadBefore: loadavg()[0] ?? Number.NaN,
}

progress('bundling')
const bundles = await makeBundles(path.join(folder, 'bundle'))
moveToCore(MEASURING)

const figures: Figure[] = []
for (const name of options.rows) {
  const row = rows[name]
  if (row)
    figures.push(
      ...(await row({ options, bundles, folder, progress: (text) => progress(`${name}: ${text}`) })),
    )
}

if (options.json) {
  const report = { machine, options, figures: figures.map((figure) => ({ ...figure, isMet: isMet(figure) })) }
  console.log(JSON.stringify(report, null, 2))
} else {
  const { processor, cores, loadBefore } = machine
  console.log(`\n${figureTable(figures)}\n`)
  console.log(
    `${processor}, ${cores} cores${isPinned ? ', pinned' : ', not pinned'}, load ${loadBefore.toFixed(1)} at the start.`,
  )
  if (loadBefore > 0.5)
    console.log('Other work was running: take no figure of this run for more than a hint.')
}
process.exit()
