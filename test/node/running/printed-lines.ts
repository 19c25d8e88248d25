import { beforeAll, describe, expect, it } from 'vitest'
import { type Ran, run } from '../run.ts'
import type { Received } from '../stack.ts'
import { running } from './stack.ts'

/** What the first start prints to be pasted. */

const ACCOUNT_TOKEN = 'Bearer emulator-api-token-not-a-secret-0123456789'

/** The lines to paste, in their order, as they are printed. */
const printedCurls = () =>
  running()
    .printed.split('\n')
    .filter((line) => line.startsWith('  curl '))
const paste = (line: string | undefined): Promise<Ran> =>
  run(['sh', '-c', line ?? 'false'], { cwd: running().checkout.folder })

describe('the printed lines, pasted', () => {
  let created: Ran
  let refused: Ran
  let trail: Ran
  let log: Ran
  beforeAll(async () => {
    const [create, get, list, show] = printedCurls()
    created = await paste(create)
    refused = await paste(get)
    trail = await paste(list)
    log = await paste(show)
  })

  it('first create a bucket', () => {
    expect(created.stdout).toMatch(/^HTTP\/1\.1 201 [\s\S]*"name":"media-launch"/)
  })

  it('then are refused on a bucket of others, with what is missing', () => {
    expect(refused.stdout).toMatch(
      /^HTTP\/1\.1 403 [\s\S]*"missing":{"permission":"buckets.get","bucket":"finance-ledger"/,
    )
  })

  it('then show the creation on record', () => {
    expect(JSON.parse(trail.stdout)).toMatchObject({
      records: [{ team: 'media', operation: 'buckets.create', bucket: 'media-launch', outcome: 'happened' }],
    })
  })

  it('then show that the allowed call alone reached the emulator, with a look before and after', () => {
    const look = { method: 'GET', operation: 'buckets.get', path: expect.stringMatching(/\/media-launch$/) }
    expect(JSON.parse(log.stdout)).toMatchObject({
      requests: [
        look,
        { method: 'POST', operation: 'buckets.create', body: '{"name":"media-launch"}' },
        look,
      ],
    })
  })

  it("show that it carried the account's token", () => {
    const { requests }: { requests: Received[] } = JSON.parse(log.stdout)
    expect(new Set(requests.map(({ headers }) => headers.authorization))).toEqual(new Set([ACCOUNT_TOKEN]))
  })

  it('show that it carried no key', () => {
    expect(log.stdout).not.toContain('r2w_')
  })

  it('leave a line on the terminal for the allowed call and its looks only', () => {
    expect(running().printed.match(/^emulator: .*$/gm)).toEqual([
      expect.stringMatching(/^emulator: GET .*\/media-launch → 404 buckets\.get/),
      expect.stringMatching(/^emulator: POST .*\/r2\/buckets → 200 buckets\.create$/),
      expect.stringMatching(/^emulator: GET .*\/media-launch → 200 buckets\.get$/),
    ])
  })
})
