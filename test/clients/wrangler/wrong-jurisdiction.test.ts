import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ran } from '../../node/run.ts'
import { prepareBucket } from '../prepared.ts'
import { asAdmin, receivedAbout, type Sent } from '../running.ts'
import { named, printed } from './perform.ts'
import { files, onOneBucket } from './script.ts'
import { Wrangler } from './wrangler.ts'

/** Every command for a bucket that is there, in a jurisdiction where an admin has no grant. */

const BUCKET = 'out-of-reach'
const REASON =
  /Team media has no grant of buckets(\.[A-Za-z]+)+ on bucket out-of-reach \(jurisdiction fedramp\)\. \[code: 10003\]/

const commands = onOneBucket.map((step, at) => ({ ...step, at }))
let ran: Ran[]
let sent: Sent[]
const wrangler = new Wrangler(files)
beforeAll(async () => {
  await prepareBucket(BUCKET, 'fedramp')
  const session = wrangler.session(asAdmin())
  ran = []
  for (const { command } of commands)
    ran.push(await session.run(`r2 ${named(command, BUCKET, 'any')} -J fedramp`))
  sent = await receivedAbout(BUCKET)
})
afterAll(() => wrangler.remove())

describe('wrangler in a jurisdiction without a grant', () => {
  it.each(commands)('$command is refused, exit code 1, with the reason', ({ at }) => {
    const one = ran[at]
    expect({ code: one?.code, said: printed(one && { ran: one }) }).toEqual({
      code: 1,
      said: expect.stringMatching(REASON),
    })
  })

  it('reads and changes nothing: nothing of the bucket reaches the emulator', () => {
    expect(sent).toEqual([])
  })
})
