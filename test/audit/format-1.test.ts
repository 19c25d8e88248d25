import { applyD1Migrations, reset, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, expect, test } from 'vitest'
import type { AuditRecord } from '../../src/audit/record.ts'
import { findLast } from '../../src/store/audit.ts'
import { applyPolicy, createKey, emulator, everything, run, settleLanes } from '../harness.ts'
import { exampleOf, v1 } from '../lanes/dialects.ts'
import { elsewhere, kill, recordOf, ringLater } from '../lanes/reconciling.ts'
import trail from './format-1.sql?raw'
import { askUpstream } from './past-the-warden.ts'
import { read } from './records.ts'
import { faultIn } from './store.ts'
import { undo } from './undoing.ts'
import { idOf } from './written.ts'

/**
 * A trail that the warden wrote when every record was about a bucket: changes of each kind, undone, refused, denied and
 * found out afterwards, and two that were never closed. The tables are brought up to date over it, and it goes on.
 */

const BUCKET = 'media-life'
const LIFE = `bucket:default/${BUCKET}`
const DENIALS = 'denials:platform'
const OPEN = { 'bucket:default/media-assets': '32cf9e9d-5931-4ec1-82f1-2b940d80bcef' }
const OPEN_CREATION = { 'team:platform': '411c60cc-f1b2-41ec-ac3d-8d9760b61cc7' }
const opened = Object.entries({ ...OPEN, ...OPEN_CREATION })
const LANES = [
  LIFE,
  'bucket:eu/data-lake',
  'denials:data',
  'denials:media',
  DENIALS,
  'team:media',
  ...opened.map(([lane]) => lane),
]

beforeEach(async () => {
  await reset()
  await applyD1Migrations(
    env.DB,
    env.MIGRATIONS.filter(({ name }) => name < '0003'),
  )
  await run(trail.split(/;\n/).filter((statement) => statement !== ''))
  await applyD1Migrations(env.DB, env.MIGRATIONS)
})

/** A key of the team that may do everything. */
async function ownerKey(): Promise<string> {
  await applyPolicy({ teams: { platform: { grants: [everything] } } })
  return createKey('platform')
}

async function endOf(lane: string): Promise<AuditRecord> {
  const end = await findLast(env.DB, lane)
  if (!end) throw new Error(`nothing is in ${lane}`)
  return end
}

test('every chain is whole', async () => {
  for (const lane of LANES) {
    expect((await endOf(lane)).format).toBe(1)
    expect(await faultIn(lane)).toBeNull()
  }
})

test('a record reads as it did, with a subject and with its params', async () => {
  expect(await read(await ownerKey(), '0d77679d-4661-45bc-ae0b-f08e1e4c54c8')).toMatchObject({
    operation: 'buckets.domains.custom.delete',
    subject: 'bucket:eu/finance-ledger',
    jurisdiction: 'eu',
    bucket: 'finance-ledger',
    domain: 'ledger.example.com',
    queueId: null,
    params: { bucket: 'finance-ledger', domain: 'ledger.example.com' },
    policyVersion: null,
    chain: { lane: 'denials:data', sequence: 3 },
  })
})

test('a change goes on in the chain of its bucket', async () => {
  await emulator.seed({ buckets: [{ name: BUCKET }] })
  const end = await endOf(LIFE)
  await v1.send(elsewhere(exampleOf('buckets.cors.update'), BUCKET), { key: await ownerKey() })
  expect(await endOf(LIFE)).toMatchObject({
    format: 2,
    outcome: 'happened',
    subject: LIFE,
    sequence: end.sequence + 1,
    previousHash: end.hash,
  })
  expect(await faultIn(LIFE)).toBeNull()
})

test('a denial goes on in the chain of its team', async () => {
  const end = await endOf(DENIALS)
  await applyPolicy({ teams: { platform: {} } })
  await v1.send(exampleOf('buckets.cors.update'), { key: await createKey('platform') })
  expect(await endOf(DENIALS)).toMatchObject({ format: 2, previousHash: end.hash })
  expect(await faultIn(DENIALS)).toBeNull()
})

test.each(opened)('what was never closed in %s is closed, as it was begun', async (lane, id) => {
  await settleLanes()
  expect(await recordOf(id)).toMatchObject({ format: 1, outcome: 'did_not_happen', reconciled: 1 })
  expect(await faultIn(lane)).toBeNull()
})

/** As a lane wrote down what it had begun, when records had no subject. */
const rememberedThen = ({ format, subject, params, policyVersion, ...said }: AuditRecord) =>
  JSON.stringify({
    lane: said.lane,
    sequence: said.sequence - 1,
    hash: said.previousHash,
    pending: {
      record: { ...said, domain: null, queueId: null },
      isRecorded: true,
      ending: null,
      notBefore: said.at,
      attempts: 0,
    },
  })

test('a lane that was in the middle of a change closes it, and then makes the next', async () => {
  const [[lane, id] = ['', '']] = Object.entries(OPEN)
  const stub = env.LANES.getByName(lane)
  const remembered = rememberedThen(await recordOf(id))
  await runInDurableObject(stub, (_, { storage: { sql } }) => {
    sql.exec('CREATE TABLE IF NOT EXISTS memory (id INTEGER PRIMARY KEY CHECK (id = 1), state TEXT NOT NULL)')
    sql.exec('INSERT OR REPLACE INTO memory (id, state) VALUES (1, ?)', remembered)
  })
  await kill(lane)
  await ringLater(lane)
  expect(await recordOf(id)).toMatchObject({ format: 1, outcome: 'did_not_happen' })
  await v1.send(exampleOf('buckets.cors.update'), { key: await ownerKey() })
  expect(await endOf(lane)).toMatchObject({ format: 2, sequence: 2, outcome: 'happened' })
  expect(await faultIn(lane)).toBeNull()
})

test('a change of then is undone, by its params', async () => {
  const domain = 'cdn.media.example.com'
  const place = `/r2/buckets/${BUCKET}/domains/custom`
  await emulator.seed({ buckets: [{ name: BUCKET }] })
  await askUpstream(place, {
    method: 'POST',
    body: { domain, zoneId: '023e105f4ecef8ad9ca31a8372d0c353', enabled: false, minTLS: '1.3' },
  })
  const key = await ownerKey()
  const undone = await undo(key, 'f917ebc8-e5cc-415c-9057-a0c3c91db074', { query: '?force=true' })
  expect(undone.status).toBe(200)
  expect(await askUpstream(`${place}/${domain}`)).toMatchObject({ enabled: true, minTLS: '1.2' })
  expect(await read(key, idOf(undone))).toMatchObject({ params: { bucket: BUCKET, domain } })
})
