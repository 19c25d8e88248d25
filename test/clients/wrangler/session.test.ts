import { afterAll, expect, it } from 'vitest'
import type { Ran } from '../../node/run.ts'
import { asAdmin } from '../running.ts'
import { Wrangler } from './wrangler.ts'

/** Most tests here run their commands in one process: what that may not change. */

const wrangler = new Wrangler()
const session = wrangler.session(asAdmin())
afterAll(() => wrangler.remove())

/** Where it logged what went wrong is the last that a process says, when it ends. */
const saidOfCommand = ({ stderr, ...ran }: Ran) => ({
  ...ran,
  stderr: stderr.replace(/^.*Logs were written to .*$/m, '').trimEnd(),
})

it.each([
  ['succeeds', 'r2 bucket info full'],
  ['is refused', 'r2 bucket info nowhere-to-be-found'],
  ['is mistaken', 'r2 bucket info'],
])('a command that %s says and ends with the same as in a process of its own', async (_, command) => {
  const [ran, ranAlone] = [await session.run(command), await wrangler.run(command, asAdmin())]
  expect(saidOfCommand(ran)).toEqual(saidOfCommand(ranAlone))
})
