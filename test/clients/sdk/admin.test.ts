import { beforeAll, describe, expect, it } from 'vitest'
import { withoutOwnReads } from '../own-reads.ts'
import { asAdmin, receivedAbout, type Sent, stateOf, straight, type Target } from '../running.ts'
import { alike, essence } from '../same.ts'
import { sdk } from './client.ts'
import { type Call, calls } from './operations.ts'

/** The official SDK, all operations, once through the warden with the key of an admin and once past it. */

const THROUGH = 'sdk-by-the-warden'
const PAST = 'sdk-straight-there'
const names = { [THROUGH]: 'BUCKET', [PAST]: 'BUCKET' }

interface Made {
  readonly call: Call
  readonly answer: unknown
  readonly sent: readonly Sent[]
}

async function makeAll(target: Target, bucket: string): Promise<Made[]> {
  const client = sdk(target, { maxRetries: 0 })
  const made: Made[] = []
  for (const call of calls({ bucket })) {
    const before = await receivedAbout(bucket)
    const answer = await call.make(client, { bucket })
    made.push({ call, answer, sent: (await receivedAbout(bucket)).slice(before.length) })
  }
  return made
}

let through: Made[]
let past: Made[]
beforeAll(async () => {
  through = await makeAll(asAdmin(), THROUGH)
  past = await makeAll(straight(), PAST)
})

const operations = calls({ bucket: THROUGH }).map(({ operation, answers }, at) => ({
  operation,
  answers,
  at,
}))

describe('the SDK with the key of an admin', () => {
  it('has all 27 operations', () => {
    expect(new Set(operations.map(({ operation }) => operation)).size).toBe(27)
  })

  it.each(operations)('$operation answers with its fields', ({ at, answers }) => {
    expect({ answer: through[at]?.answer }).toMatchObject({ answer: answers })
  })

  it.each(operations)('$operation answers the same without the warden', ({ at }) => {
    expect(alike({ answer: through[at]?.answer }, names)).toEqual(alike({ answer: past[at]?.answer }, names))
  })

  it('leaves nothing: what it created, it deleted', async () => {
    expect(await stateOf(`/r2/buckets/${THROUGH}`)).toBe(10_006)
  })
})

describe('the emulator receives the same requests as without the warden, but for its own reads', () => {
  const isListing = ({ operation }: { operation: string }) => operation === 'buckets.list'
  it.each(operations.filter((one) => !isListing(one)))('for $operation', ({ at }) => {
    const [sent = [], sentPast = []] = [through[at]?.sent, past[at]?.sent]
    expect(alike(withoutOwnReads(sent).map(essence), names)).toEqual(alike(sentPast.map(essence), names))
  })

  it('for buckets.list too, but that the warden asks for one bucket more than a page has', () => {
    const at = operations.findIndex(isListing)
    const queries = [through, past].map((made) => made[at]?.sent.map(({ query }) => query.split('&').sort()))
    expect(alike(queries, names)).toEqual([
      [['direction=asc', 'name_contains=BUCKET', 'order=name', 'per_page=6']],
      [['direction=asc', 'name_contains=BUCKET', 'order=name', 'per_page=5']],
    ])
  })
})
