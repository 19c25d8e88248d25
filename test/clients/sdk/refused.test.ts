import Cloudflare from 'cloudflare'
import { beforeAll, describe, expect, it } from 'vitest'
import { Counter } from '../counter.ts'
import { prepareBucket } from '../prepared.ts'
import { ACCOUNT, asAdmin, asViewer, changesAmong, key, type Place, receivedAbout, seed } from '../running.ts'
import { refusal, sdk } from './client.ts'
import { type Call, calls } from './operations.ts'

/** What an SDK program sees of a refusal: the class of the error, the reason in its message, one attempt. */

const BUCKET = 'sdk-looked-at'
const everywhere = calls({ bucket: BUCKET }).filter(({ operation }) => operation !== 'buckets.metrics.list')
const changes = everywhere.filter((call) => call.changes)
const reads = calls({ bucket: BUCKET }).filter((call) => !call.changes)

let counter: Counter
beforeAll(async () => {
  counter = await Counter.start(asViewer().url)
  await prepareBucket(BUCKET)
  await seed({ buckets: [{ name: BUCKET, jurisdiction: 'fedramp' }] })
  return () => counter.stop()
})

/** Makes a call that must be refused, with as many retries as the SDK makes by itself. */
async function refused(call: Call, token: string, place?: Place) {
  counter.reset()
  const error = await refusal(
    call.make(sdk({ url: counter.url, token }), { bucket: BUCKET, ...(place && { place }) }),
  )
  return {
    name: error.constructor.name,
    status: error.status,
    message: error.message,
    attempts: counter.count,
  }
}

describe('the SDK with the key of a viewer', () => {
  it.each(changes)('is refused $operation with the reason, after one attempt', async (call) => {
    expect(await refused(call, key('media-viewer'))).toEqual({
      name: Cloudflare.PermissionDeniedError.name,
      status: 403,
      message: `403 The scope of this key leaves out ${call.operation} on bucket ${BUCKET} (jurisdiction default).`,
      attempts: 1,
    })
  })

  it('changes nothing: no change reaches the emulator', async () => {
    expect(changesAmong(await receivedAbout(BUCKET))).toEqual([])
  })

  it.each(reads)('is answered $operation', async (call) => {
    await expect(call.make(sdk(asViewer()), { bucket: BUCKET })).resolves.toBeTypeOf('object')
  })
})

describe('the SDK in a jurisdiction without a grant', () => {
  it.each(everywhere)('is refused $operation with the reason, after one attempt', async (call) => {
    const where = call.operation === 'buckets.list' ? 'any bucket' : `bucket ${BUCKET}`
    expect(await refused(call, key('media-admin'), 'fedramp')).toEqual({
      name: Cloudflare.PermissionDeniedError.name,
      status: 403,
      message: `403 Team media has no grant of ${call.operation} on ${where} (jurisdiction fedramp).`,
      attempts: 1,
    })
  })

  it('sends nothing there: no request for it reaches the emulator', async () => {
    const sent = await receivedAbout(BUCKET)
    expect(sent.filter(({ headers }) => headers['cf-r2-jurisdiction'] === 'fedramp')).toEqual([])
  })
})

describe('the reason beside the message', () => {
  it('stands in err.errors with the code of a denial', async () => {
    const call = sdk(asAdmin()).r2.buckets.get(BUCKET, {
      account_id: ACCOUNT,
      'cf-r2-jurisdiction': 'fedramp',
    })
    expect((await refusal(call)).errors).toEqual([
      {
        code: 10_003,
        message: expect.stringContaining('has no grant of buckets.get'),
        documentation_url: expect.stringMatching(/\/docs\/errors#forbidden$/),
      },
    ])
  })
})
