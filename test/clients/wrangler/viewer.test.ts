import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ran } from '../../node/run.ts'
import { prepareBucket } from '../prepared.ts'
import { asViewer, changesAmong, receivedAbout, type Sent } from '../running.ts'
import { firstRuleOf, named, printed } from './perform.ts'
import { files, onOneBucket } from './script.ts'
import { Wrangler } from './wrangler.ts'

/** Every command with a key that may look at everything and change nothing. */

const BUCKET = 'looked-at'
/** Where a queue is asked for first, by its name, no bucket is known yet. */
const REASON =
  /The scope of this key leaves out buckets(\.[A-Za-z]+)+ on (bucket looked-at|any bucket) \(jurisdiction default\)/

const commands = onOneBucket.map((step, at) => ({ ...step, at }))
let ran: Ran[]
let sent: Sent[]
const wrangler = new Wrangler(files)
beforeAll(async () => {
  await prepareBucket(BUCKET)
  const rule = await firstRuleOf(BUCKET)
  const session = wrangler.session(asViewer())
  ran = []
  for (const { command } of commands) ran.push(await session.run(`r2 ${named(command, BUCKET, rule)}`))
  sent = await receivedAbout(BUCKET)
})
afterAll(() => wrangler.remove())

const outcome = (at: number) => ({ code: ran[at]?.code, said: printed(ran[at] && { ran: ran[at] }) })

describe('wrangler with the key of a viewer', () => {
  it.each(commands.filter(({ changes }) => !changes))('$command $says', ({ at }) => {
    expect(outcome(at)).toMatchObject({ code: 0 })
  })

  it.each(commands.filter(({ changes }) => changes))(
    '$command is refused, exit code 1, with the reason',
    ({ at }) => {
      expect(outcome(at)).toEqual({ code: 1, said: expect.stringMatching(REASON) })
    },
  )

  it('changes nothing: no change reaches the emulator', () => {
    expect(changesAmong(sent)).toEqual([])
  })
})
