import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { emulator, everything, keyWithGrants, until } from '../harness.ts'
import { DIALECTS } from '../lanes/dialects.ts'
import { kill, outcomeOfRecord, ringLater } from '../lanes/reconciling.ts'
import { BUCKET } from '../routes/examples.ts'
import { sippyWith, sources } from './sippy-sources.ts'
import { tracesOf } from './traces.ts'
import { idOf, writtenBy } from './written.ts'

/** Cloudflare may repeat what it was sent; the warden passes no credential on, and keeps none. */

const UPDATE = 'buckets.sippy.update'
const LANE = `bucket:default/${BUCKET}`

/** As different writers of JSON have it: all of these read the same. */
const WRITERS: Readonly<Record<string, (value: unknown) => string>> = {
  'as JavaScript writes it': (value) => JSON.stringify(value),
  'with slashes escaped, as PHP does': (value) => JSON.stringify(value).replaceAll('/', '\\/'),
  'with signs of HTML escaped, as Go does': (value) =>
    JSON.stringify(value).replaceAll('&', '\\u0026').replaceAll('<', '\\u003c'),
  'in escapes throughout': (value) => JSON.stringify(value).replaceAll(/(?<=[a-z])-(?=[a-z])/g, '\\u002d'),
  'with white space': (value) => JSON.stringify(value, null, 2),
}

const refusing = (body: unknown) => ({
  success: false,
  errors: [
    { code: 10001, message: `cannot use ${Object.values(bodyOf(body).source).join(' with ')}`, meta: body },
  ],
  messages: [{ code: 1, message: Object.values(bodyOf(body).destination).join(' with ') }],
  result: null,
})
const answering = (body: unknown) => ({
  success: true,
  errors: [],
  messages: [Object.values(bodyOf(body).source).join()],
  result: { enabled: true, ...bodyOf(body), sent: JSON.stringify(body) },
})

const bodyOf = (body: unknown) => body as (typeof sources)[number]['body']

describe.each(sources)('a source $name', ({ body, secrets }) => {
  test.each(DIALECTS)(
    'that Cloudflare quotes in its refusal is not passed on, on $dialect',
    async (spoken) => {
      const key = await keyWithGrants(everything)
      for (const write of Object.values(WRITERS)) {
        await emulator.faults({ operation: UPDATE, status: 400, body: write(refusing(body)) })
        const headers = { 'idempotency-key': crypto.randomUUID() }
        const { result: response } = await writtenBy(() => spoken.send(sippyWith(body), { key, headers }))
        expect(response.status).toBe(400)
        const told = await response.text()
        expect(secrets.filter((secret) => told.includes(secret))).toEqual([])
      }
      expect(await tracesOf(secrets)).toEqual([])
    },
  )

  test.each(DIALECTS)(
    'that Cloudflare repeats in its answer is not passed on, on $dialect',
    async (spoken) => {
      const key = await keyWithGrants(everything)
      for (const write of Object.values(WRITERS)) {
        await emulator.faults({ operation: UPDATE, body: write(answering(body)) })
        const headers = { 'idempotency-key': crypto.randomUUID() }
        const { result: response } = await writtenBy(() => spoken.send(sippyWith(body), { key, headers }))
        expect(response.status).toBe(200)
        const told = await response.text()
        expect(secrets.filter((secret) => told.includes(secret))).toEqual([])
      }
      expect(await tracesOf(secrets)).toEqual([])
    },
  )

  test('that Cloudflare shows to whoever reads the configuration is not kept from there', async () => {
    const key = await keyWithGrants(everything)
    await emulator.faults({ operation: 'buckets.sippy.get', times: 2, body: JSON.stringify(answering(body)) })
    const { records } = await writtenBy(() => DIALECTS[0].send(sippyWith(body), { key }))
    expect(records).toMatchObject([{ outcome: 'happened' }])
    expect(records[0]?.beforeDigest).toBe(records[0]?.afterDigest)
    expect(await tracesOf(secrets)).toEqual([])
  })

  test('that Cloudflare shows to the lane that settles a change is not kept from there', async () => {
    const asking = {
      key: await keyWithGrants(everything),
      headers: { 'idempotency-key': crypto.randomUUID() },
    }
    await emulator.hold({ operation: UPDATE, applied: true })
    const answered = DIALECTS[0].send(sippyWith(body), asking)
    await until(async () => (await emulator.changes()).length === 1)
    await kill(LANE)
    const id = idOf(await answered)
    await emulator.faults({ operation: 'buckets.sippy.get', times: 9, body: JSON.stringify(answering(body)) })
    await ringLater(LANE)
    expect(await outcomeOfRecord(id)).toBe('happened')
    const answers = env.DB.prepare('SELECT answer FROM idempotency_keys WHERE audit_id = ?1').bind(id)
    expect(await answers.first('answer')).toContain('"kind":"done"')
    expect(await tracesOf(secrets)).toEqual([])
    expect((await DIALECTS[0].send(sippyWith(body), asking)).status).toBe(200)
  })
})

describe('a credential', () => {
  const KEY = 'the-first-half-of-a-secret'
  const LONGER = `${KEY}-and-its-other-half`
  const withKeys = (accessKeyId: string, secretAccessKey: string) => ({
    source: { provider: 'aws', bucket: 'old', region: 'us-east-1', accessKeyId, secretAccessKey },
    destination: { provider: 'r2', accessKeyId: 'AK', secretAccessKey: 'SK' },
  })

  async function toldFor(body: unknown, said: unknown): Promise<string> {
    const key = await keyWithGrants(everything)
    await emulator.faults({ operation: UPDATE, status: 400, body: JSON.stringify(said) })
    return (await DIALECTS[1].send(sippyWith(body), { key })).text()
  }
  const saying = (message: string) => ({
    success: false,
    errors: [{ code: 1000, message }],
    messages: [],
    result: null,
  })

  test('that another one begins with takes nothing of it away', async () => {
    const told = await toldFor(withKeys(KEY, LONGER), saying(`no ${LONGER}`))
    expect(told).not.toContain('other-half')
  })

  test('is not passed on without the white space around it', async () => {
    expect(await toldFor(withKeys('AK', `\n${LONGER}\n`), saying(`no "${LONGER}"`))).not.toContain(LONGER)
  })

  test('that was sent as a number is not passed on as a text', async () => {
    const body = withKeys('AK', 'SK')
    const told = await toldFor(
      { ...body, source: { ...body.source, pin: 7351946028 } },
      saying('no 7351946028'),
    )
    expect(told).not.toContain('7351946028')
  })

  test.each(['messages', 'success":', '"errors"', 'result": null'])(
    'that reads like a part of an envelope leaves the envelope as it is: %s',
    async (secret) => {
      const told = JSON.parse(await toldFor(withKeys('AK', secret), saying('no')))
      expect(told).toMatchObject({ success: false, errors: [{ code: 1000, message: 'no' }], messages: [] })
    },
  )
})
