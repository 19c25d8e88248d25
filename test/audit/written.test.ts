import { describe, expect, test } from 'vitest'
import { canonicalJson, sha256 } from '../../src/encoding/canonical-json.ts'
import { emulator, everything, keyWithGrants } from '../harness.ts'
import { DIALECTS, inBoth, prepare } from '../lanes/dialects.ts'
import { changes, type Example } from '../routes/examples.ts'
import { aboutExample, configuredFor, paramsOfExample } from './configured.ts'
import { read } from './records.ts'
import { idOf, valuesOf, writtenBy } from './written.ts'

/** A change leaves one record, and the record says all that there is to know of it. */

const ADDRESS = '192.0.2.7'
const REDACTED = '[redacted]'

const laneOf = (example: Example, jurisdiction: string) =>
  `bucket:${jurisdiction}/${paramsOfExample(example).bucket}`

/** What is kept of the body of an example. */
function keptOf({ name, body }: Example): unknown {
  if (name !== 'buckets.sippy.update') return body
  return {
    source: {
      provider: 'aws',
      bucket: 'old-assets',
      region: 'us-east-1',
      accessKeyId: REDACTED,
      secretAccessKey: REDACTED,
    },
    destination: { provider: 'r2', accessKeyId: REDACTED, secretAccessKey: REDACTED },
  }
}

describe.each(inBoth(changes))('$name in $dialect', ({ example, dialect, spoken }) => {
  async function make() {
    const key = await keyWithGrants(everything)
    await prepare(example, key)
    const headers = { 'cf-connecting-ip': ADDRESS }
    const before = { at: Date.now(), configured: await configuredFor(example) }
    const { result: response, records } = await writtenBy(() => spoken.send(example, { key, headers }))
    expect(response.ok).toBe(true)
    return { key, before, response, records, elapsed: Date.now() - before.at }
  }

  test('leaves one record: of itself, whose it was, and why it was allowed', async () => {
    const { key, before, response, records, elapsed } = await make()
    expect(records).toMatchObject([aboutExample(example)])
    const params = paramsOfExample(example)
    const record = await read(key, idOf(response))
    expect(record).toMatchObject({
      id: idOf(response),
      requestId: idOf(response),
      team: 'team',
      principal: { keyId: key.split('_')[1], keyName: 'test' },
      dialect,
      operation: example.name,
      ...aboutExample(example),
      params,
      domain: params.domain ?? null,
      queueId: params.queueId ?? null,
      decision: 'allowed',
      rule: 'teams.team.grants[0]',
      warnings: [],
      outcome: 'happened',
      reconciled: false,
      code: null,
      clientAddress: ADDRESS,
      reverts: null,
      chain: { lane: laneOf(example, 'default') },
    })
    expect(Date.parse(record.at)).toBeGreaterThanOrEqual(before.at)
    expect(Date.parse(record.at)).toBeLessThanOrEqual(before.at + elapsed)
    expect(record.durationMs).toBeGreaterThanOrEqual(0)
    expect(record.durationMs).toBeLessThanOrEqual(elapsed)
  })

  test('is recorded with the status and the ray of what was sent for it', async () => {
    const { key, response } = await make()
    const sent = (await emulator.received()).findLast(({ operation }) => operation === example.name)
    const { upstream } = await read(key, idOf(response))
    expect(upstream).toEqual({ status: sent?.status, cfRay: sent?.ray })
  })

  test('is recorded with what was sent, and what was there before and after', async () => {
    const { before, records } = await make()
    const [record] = records
    if (!record) throw new Error('there is no record')
    const body = keptOf(example)
    const kept = {
      before: before.configured,
      after: await configuredFor(example),
      ...(body !== undefined && { body }),
    }
    expect(await valuesOf(record)).toEqual(kept)
    const digestOf = async (value: unknown) =>
      value === undefined ? null : await sha256(canonicalJson(value))
    expect([record.bodyDigest, record.beforeDigest, record.afterDigest]).toEqual([
      await digestOf(body),
      await digestOf(kept.before),
      await digestOf(kept.after),
    ])
  })
})

describe.each([
  ['v1', { query: '?jurisdiction=eu' }],
  ['v4', { headers: { 'cf-r2-jurisdiction': 'eu' } }],
] as const)('%s', (dialect, manner) => {
  const spoken = DIALECTS.find((one) => one.dialect === dialect)

  test.each(changes)('$name is recorded in its own jurisdiction', async (example) => {
    const key = await keyWithGrants(everything)
    await prepare(example, key)
    const asking = { key, ...manner }
    const { records } = await writtenBy(async () => spoken?.send(example, asking))
    expect(records).toMatchObject([{ ...aboutExample(example, 'eu'), lane: laneOf(example, 'eu') }])
  })
})
