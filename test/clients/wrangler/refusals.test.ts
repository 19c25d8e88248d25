import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ran } from '../../node/run.ts'
import { Counter } from '../counter.ts'
import { asAdmin, asData, receivedAbout, seed, throughWarden } from '../running.ts'
import { Wrangler } from './wrangler.ts'

/** What wrangler shows of refusals that are not about a missing grant. */

const open = {
  rules: [
    {
      allowed: {
        origins: ['https://www.data.example.com', 'https://a.example.org', 'http://b.example.org'],
        methods: ['GET', 'PUT'],
      },
    },
  ],
}
const QUEUE_OF_OTHERS = 'media-events'

const wrangler = new Wrangler({ 'cors.json': open, 'some.txt': 'text' })
let counter: Counter
const commands = {
  'cors set': 'r2 bucket cors set data-refused --file cors.json -y',
  queue: `r2 bucket notification create data-refused --event-type object-create --queue ${QUEUE_OF_OTHERS}`,
  local: 'r2 bucket local-uploads enable data-refused',
  catalog: 'r2 bucket catalog enable data-refused',
  object: 'r2 object put data-refused/some.txt --remote --file some.txt',
  absent: 'r2 bucket info data-nowhere',
} as const
const ran: Record<string, Ran> = {}
let nobody: Ran
let elsewhere: Ran
beforeAll(async () => {
  counter = await Counter.start(asAdmin().url)
  await seed({ buckets: [{ name: 'data-refused' }] })
  const session = wrangler.session(asData())
  for (const [name, command] of Object.entries(commands)) ran[name] = await session.run(command)
  nobody = await wrangler.run('r2 bucket list', { ...throughWarden('nobody'), url: counter.url })
  elsewhere = await wrangler.run('r2 bucket list', asData(), { CLOUDFLARE_ACCOUNT_ID: 'f'.repeat(32) })
})
afterAll(() => {
  counter.stop()
  return wrangler.remove()
})

const told = (name: string) => ({ code: ran[name]?.code, said: `${ran[name]?.stdout}${ran[name]?.stderr}` })
const saying = (...parts: string[]) => ({
  code: 1,
  said: expect.stringMatching(new RegExp(parts.join('[\\s\\S]*'))),
})

describe('a violated guardrail', () => {
  it.each(['/rules/0/allowed/origins/1', '/rules/0/allowed/origins/2', '/rules/0/allowed/methods/1'])(
    'is printed with the value that may not stand: %s',
    (pointer) => {
      expect(told('cors set')).toEqual(saying(`own-origins, ${pointer}: `))
    },
  )

  it('is printed with what would be allowed', () => {
    expect(told('cors set')).toEqual(saying('allowed: https://\\*\\.data\\.example\\.com'))
  })

  it('leaves the bucket as it was: nothing is sent', async () => {
    expect(await receivedAbout('data-refused')).toEqual([])
  })
})

describe('a queue that the team may not notify', () => {
  it('is not there', () => {
    expect(told('queue')).toEqual(saying(`Queue "${QUEUE_OF_OTHERS}" does not exist`))
  })
})

describe('what the warden does not offer is refused by name', () => {
  it.each([
    ['Local uploads', 'local'],
    ['Data Catalog', 'catalog'],
    ['Objects', 'object'],
  ])('%s', (name, command) => {
    expect(told(command)).toEqual(saying(`${name}: not offered by this warden`))
  })
})

describe('a bucket that is not there', () => {
  it('is told with the code that wrangler knows', () => {
    expect(told('absent')).toEqual(saying('\\[code: 10006\\]'))
  })
})

describe('a key that is none', () => {
  it('is told in one line, exit code 1', () => {
    expect({ code: nobody.code, said: nobody.stderr }).toEqual(saying('\\[code: 10001\\]'))
  })

  it('is asked about no further: wrangler makes one request', () => {
    expect(counter.count).toBe(1)
  })
})

describe('the id of another account', () => {
  it('is told with what to set', () => {
    expect({ code: elsewhere.code, said: elsewhere.stderr }).toEqual(
      saying('set CLOUDFLARE_ACCOUNT_ID to its own'),
    )
  })
})
