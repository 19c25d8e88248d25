import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withoutOwnReads } from '../own-reads.ts'
import { asAdmin, straight } from '../running.ts'
import { alike, essence } from '../same.ts'
import { named, type Performed, performScript, printed } from './perform.ts'
import { files, script } from './script.ts'
import { Wrangler } from './wrangler.ts'

/** Every command, once through the warden with the key of an admin and once past it with the account's token. */

const OWN = 'throughwarden'
const OTHER = 'straightahead' // as long, so that the tables that wrangler prints are as wide

let through: Performed[]
let past: Performed[]
const wrangler = new Wrangler(files)
beforeAll(async () => {
  ;[through, past] = await Promise.all([
    performScript(wrangler.session(asAdmin()), OWN),
    performScript(wrangler.session(straight()), OTHER),
  ])
})
afterAll(() => wrangler.remove())

const commands = script.map((step, at) => ({ ...step, at }))
const names = { [OWN]: 'BUCKET', [OTHER]: 'BUCKET' }

describe.each(commands)('wrangler r2 $command', ({ at, says }) => {
  it(`${says}: exit code 0 for an admin`, () => {
    expect({ code: through[at]?.ran.code, said: printed(through[at]) }).toMatchObject({ code: 0 })
  })

  it('sends upstream what wrangler sends without the warden, and its own reads', () => {
    const [sent = [], sentPast = []] = [through[at]?.sent, past[at]?.sent]
    expect(alike(withoutOwnReads(sent).map(essence), names)).toEqual(alike(sentPast.map(essence), names))
  })

  it('prints what wrangler prints without the warden', () => {
    expect(alike(through[at]?.ran, names)).toEqual(alike(past[at]?.ran, names))
  })
})

describe('the emulator has afterwards what was asked for', () => {
  it.each(commands.filter(({ changes }) => changes))('$command $says', ({ at, leaves }) => {
    const expected = JSON.parse(named(JSON.stringify(leaves?.state), OWN))
    expect({ state: through[at]?.state }).toMatchObject({ state: expected })
  })
})

describe('what reaches the emulator through the warden', () => {
  it('carries the token of the account and never the key of the team', () => {
    const tokens = through.flatMap(({ sent }) => sent.map(({ headers }) => headers.authorization))
    expect(new Set(tokens)).toEqual(new Set([`Bearer ${straight().token}`]))
  })

  it('is never shown to the caller: no output has the token', () => {
    expect(through.filter((one) => printed(one).includes(straight().token))).toEqual([])
  })
})
