import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test } from 'vitest'
import { hashOf } from '../../src/audit/chain.ts'
import { auditRecord } from '../../src/audit/record.ts'
import { canonicalJson, sha256 } from '../../src/encoding/canonical-json.ts'
import { app } from '../../src/index.ts'
import { retain } from '../../src/jobs/retention.ts'
import { consoleLines } from '../leak-watch.ts'
import { clearTrail, countRows, faultIn, store, storedIds } from './store.ts'
import { type Said, writeLane } from './trail.ts'

const MEDIA = 'bucket:default/media-assets'
const DATA = 'bucket:eu/data-lake'
const DAYS = 30
const DAY_MS = 86_400_000
const NOW = Date.now()

const daysAgo = (days: number, said: Said = {}): Said => ({ ...said, at: NOW - days * DAY_MS })
const OLD = daysAgo(DAYS + 1)
const YOUNG = daysAgo(DAYS - 1)

const { DB, AUDIT_EXPORT } = env
const AUDIT_RETENTION_DAYS = String(DAYS)
const run = () => retain({ DB, AUDIT_EXPORT, AUDIT_RETENTION_DAYS }, NOW)
const withoutBucket = () => retain({ DB, AUDIT_RETENTION_DAYS }, NOW)

/** A bucket that takes what it is given in another way. */
const putting = (put: (...args: Parameters<R2Bucket['put']>) => Promise<unknown>) =>
  new Proxy(AUDIT_EXPORT, {
    get: (target, name) => (name === 'put' ? put : Reflect.get(target, name, target)),
  })
const withFailingBucket = () => {
  const bucket = putting(() => Promise.reject(new Error('R2 is away')))
  return retain({ DB, AUDIT_EXPORT: bucket, AUDIT_RETENTION_DAYS }, NOW)
}

const write = async (lane: string, ...records: Said[]) => {
  const written = await writeLane(lane, records)
  await store(written)
  return written
}

const keys = async () => (await AUDIT_EXPORT.list()).objects.map(({ key }) => key)

/** All lines of all objects, in the order of their keys. */
async function exported(): Promise<Record<string, unknown>[]> {
  const texts = await Promise.all((await keys()).map(async (key) => (await AUDIT_EXPORT.get(key))?.text()))
  return texts
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

/** What was logged of an event. */
const logged = (event: string) =>
  consoleLines()
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .filter((line) => line.event === event)

beforeEach(async () => {
  await clearTrail()
  await AUDIT_EXPORT.delete(await keys())
})

describe('what is past retention', () => {
  test('is removed from the store', async () => {
    await write(MEDIA, OLD, OLD, YOUNG)
    await run()
    expect(await storedIds()).toEqual([`${MEDIA}#3`])
  })

  test('is removed with its values, and with no others', async () => {
    await write(MEDIA, OLD, OLD, YOUNG)
    await run()
    const { results } = await DB.prepare('SELECT DISTINCT id FROM audit_values').all()
    expect(results).toEqual([{ id: `${MEDIA}#3` }])
  })

  test('is in the bucket', async () => {
    await write(MEDIA, OLD, OLD, YOUNG)
    await run()
    expect(await exported()).toMatchObject([{ id: `${MEDIA}#1` }, { id: `${MEDIA}#2` }])
  })

  test('is told by its lane where its chain now begins', async () => {
    const written = await write(MEDIA, OLD, OLD, YOUNG)
    await run()
    const checkpoint = await DB.prepare('SELECT * FROM audit_checkpoints').first()
    expect(checkpoint).toEqual({ lane: MEDIA, sequence: 2, hash: written[1]?.record.hash })
  })

  test('goes lane by lane from the beginning of each chain', async () => {
    await write(MEDIA, OLD, OLD)
    await write(DATA, OLD, YOUNG)
    await run()
    expect([await storedIds(), await countRows('audit_checkpoints')]).toEqual([[`${DATA}#2`], 2])
  })

  test('counts in the log line of the run', async () => {
    await write(MEDIA, OLD, OLD, YOUNG)
    await run()
    expect(logged('audit retention')).toMatchObject([{ removed: 2, objects: 1, expiredKeys: 0 }])
  })

  test('is after a year, when nothing else is set', async () => {
    await write(MEDIA, daysAgo(366), daysAgo(364))
    await retain({ DB, AUDIT_EXPORT }, NOW)
    expect(await storedIds()).toEqual([`${MEDIA}#2`])
  })
})

describe('the export', () => {
  test('has every column of every record, and its values as JSON', async () => {
    const denied = daysAgo(DAYS + 1, { decision: 'denied', outcome: 'denied', values: { body: '{"a":[1]}' } })
    const written = await write(MEDIA, OLD, denied)
    await run()
    const jsonOf = (text: string | undefined) => (text === undefined ? null : JSON.parse(text))
    const whole = written.map(({ record, values: { body, before, after } }) => ({
      ...record,
      number: expect.any(Number),
      body: jsonOf(body),
      before: jsonOf(before),
      after: jsonOf(after),
    }))
    expect(await exported()).toEqual(whole)
  })

  test('has what gives the hash of a record', async () => {
    await write(MEDIA, OLD)
    await run()
    const [line] = await exported()
    const record = auditRecord.parse(line)
    expect(await hashOf(record)).toBe(record.hash)
  })

  test('has what gives the digest of a value', async () => {
    const odd = '{"10":"b","9":"a","__proto__":{"constructor":1},"é":[1e21,0.1,-0,"\\u2028","\\ud800"]}'
    const before = canonicalJson(JSON.parse(odd))
    await write(MEDIA, daysAgo(DAYS + 1, { values: { before } }))
    await run()
    const [line] = await exported()
    expect(await sha256(canonicalJson(line?.before))).toBe(line?.beforeDigest)
  })

  test('has a value that is no JSON as the text that it is', async () => {
    await write(MEDIA, OLD)
    await DB.prepare("UPDATE audit_values SET value = '{\n' WHERE part = 'body'").run()
    await run()
    expect(await exported()).toMatchObject([{ body: '{\n' }])
  })

  test('is kept by the day and the numbers of its records', async () => {
    await write(MEDIA, OLD, OLD)
    const { results } = await DB.prepare('SELECT number FROM audit ORDER BY number').all<{ number: number }>()
    const [first, last] = results.map(({ number }) => String(number).padStart(12, '0'))
    const day = new Date(NOW - (DAYS + 1) * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '/')
    await run()
    expect(await keys()).toEqual([
      expect.stringMatching(`^audit/${day}/${first}-${last}-[0-9a-f]{16}\\.ndjson$`),
    ])
  })

  test('was compared with its digest on arrival', async () => {
    await write(MEDIA, OLD)
    await run()
    const [key = ''] = await keys()
    const object = await AUDIT_EXPORT.get(key)
    expect(object?.checksums.toJSON().sha256).toBe(await sha256((await object?.text()) ?? ''))
  })

  test('is the same object when a run could not remove what it had exported', async () => {
    await write(MEDIA, OLD)
    const batch = () => Promise.reject(new Error('D1 is away'))
    const away = new Proxy(DB, {
      get: (target, name) => (name === 'batch' ? batch : Reflect.get(target, name, target)),
    })
    await expect(retain({ DB: away, AUDIT_EXPORT, AUDIT_RETENTION_DAYS }, NOW)).rejects.toThrow('D1 is away')
    const before = await keys()
    await run()
    expect(await keys()).toEqual(before)
  })
})

describe('nothing is removed', () => {
  test('when the bucket does not take it', async () => {
    await write(MEDIA, OLD, OLD)
    await withFailingBucket()
    expect(await storedIds()).toEqual([`${MEDIA}#1`, `${MEDIA}#2`])
  })

  test('when the bucket does not take it, until it does', async () => {
    await write(MEDIA, OLD, OLD)
    await withFailingBucket()
    await run()
    expect([await storedIds(), (await exported()).length]).toEqual([[], 2])
  })

  test('when no bucket is bound', async () => {
    await write(MEDIA, OLD, OLD)
    await withoutBucket()
    expect(await storedIds()).toEqual([`${MEDIA}#1`, `${MEDIA}#2`])
  })

  test('from a pending record on in its lane', async () => {
    await write(MEDIA, OLD, daysAgo(DAYS + 1, { outcome: 'pending' }), OLD)
    await run()
    expect(await storedIds()).toEqual([`${MEDIA}#2`, `${MEDIA}#3`])
  })

  test('from a record on in its lane that was closed without its hash', async () => {
    await write(MEDIA, OLD, OLD, OLD)
    await DB.prepare('UPDATE audit SET hash = NULL WHERE sequence = 2').run()
    await run()
    expect(await storedIds()).toEqual([`${MEDIA}#2`, `${MEDIA}#3`])
  })

  test('that is exactly as old as the retention', async () => {
    await write(MEDIA, daysAgo(DAYS))
    await run()
    expect(await storedIds()).toEqual([`${MEDIA}#1`])
  })

  test('from a record on that is not old enough', async () => {
    await write(MEDIA, OLD, YOUNG, OLD)
    await run()
    expect(await storedIds()).toEqual([`${MEDIA}#2`, `${MEDIA}#3`])
  })

  test.each(['', '0', '3651', '1.5', 'soon'])('when the retention is set to %j', async (days) => {
    await write(MEDIA, OLD)
    await retain({ DB, AUDIT_EXPORT, AUDIT_RETENTION_DAYS: days }, NOW)
    expect(await storedIds()).toEqual([`${MEDIA}#1`])
  })
})

test.each(['', '0', '3651', '1.5', 'soon'])('readyz names a retention of %j', async (days) => {
  const settings = { ...env, AUDIT_RETENTION_DAYS: days }
  const response = await app.fetch(
    new Request('https://warden.test/readyz'),
    settings,
    createExecutionContext(),
  )
  expect(await response.json()).toMatchObject({
    status: 'not-ready',
    problems: expect.arrayContaining([expect.stringContaining('AUDIT_RETENTION_DAYS')]),
  })
})

describe('it is said in the log', () => {
  test('that a bucket did not take an export', async () => {
    await write(MEDIA, OLD)
    await withFailingBucket()
    expect(logged('audit export failed')).toMatchObject([{ level: 'error', error: 'Error: R2 is away' }])
  })

  test('how many records are past retention when no bucket is bound', async () => {
    await write(MEDIA, OLD, OLD, YOUNG)
    await withoutBucket()
    expect(logged('audit records are past retention, and no bucket is bound')).toMatchObject([
      { level: 'warn', records: 2 },
    ])
  })

  test('nothing of a missing bucket while no record is past retention', async () => {
    await write(MEDIA, YOUNG)
    await withoutBucket()
    expect(logged('audit records are past retention, and no bucket is bound')).toEqual([])
  })

  test('which open record keeps what follows it in its lane', async () => {
    await write(MEDIA, OLD, daysAgo(DAYS + 1, { outcome: 'pending' }))
    await write(DATA, OLD, daysAgo(DAYS - 1, { outcome: 'pending', jurisdiction: 'eu' }))
    await run()
    expect(
      logged('an open audit record is past retention, and keeps what follows it in its lane'),
    ).toMatchObject([{ level: 'warn', lane: MEDIA, id: `${MEDIA}#2` }])
  })

  test('where a chain is broken that could not be seen to be afterwards', async () => {
    await write(MEDIA, OLD, OLD, OLD)
    await DB.prepare("UPDATE audit SET team = 'data' WHERE sequence = 2").run()
    await run()
    expect(logged('audit chain is broken')).toMatchObject([{ level: 'error', lane: MEDIA, sequence: 2 }])
  })

  test('nothing of a chain that is whole', async () => {
    await write(MEDIA, OLD, OLD, OLD)
    await run()
    expect(logged('audit chain is broken')).toEqual([])
  })
})

describe('a record that is stuck', () => {
  const STUCK = daysAgo(DAYS + 1, { outcome: 'pending' })
  const OTHER = 'bucket:default/data-lake'

  /** Two lanes whose records were written in turn, with one that is stuck before most of them. */
  async function writeInTurn() {
    const lanes = [
      await writeLane(MEDIA, [OLD, STUCK]),
      await writeLane(DATA, [OLD, OLD, YOUNG]),
      await writeLane(OTHER, [OLD, OLD]),
    ]
    for (const index of [0, 1, 2]) await store(lanes.flatMap((lane) => lane[index] ?? []))
  }

  test('keeps no other lane’s records from being exported and removed', async () => {
    await writeInTurn()
    await run()
    expect(await storedIds()).toEqual([`${MEDIA}#2`, `${DATA}#3`])
    expect((await exported()).map(({ id }) => id)).toEqual([
      `${MEDIA}#1`,
      `${DATA}#1`,
      `${OTHER}#1`,
      `${DATA}#2`,
      `${OTHER}#2`,
    ])
  })

  test('leaves every chain whole, its own and the others', async () => {
    await writeInTurn()
    await run()
    expect([await faultIn(MEDIA), await faultIn(DATA), await faultIn(OTHER)]).toEqual([null, null, null])
  })

  test('leaves every lane a checkpoint where its chain now begins', async () => {
    await writeInTurn()
    await run()
    const { results } = await DB.prepare('SELECT lane, sequence FROM audit_checkpoints ORDER BY lane').all()
    expect(results).toEqual([
      { lane: OTHER, sequence: 2 },
      { lane: MEDIA, sequence: 1 },
      { lane: DATA, sequence: 2 },
    ])
  })

  test('goes with what follows it as soon as it is closed', async () => {
    await writeInTurn()
    await run()
    await DB.prepare("UPDATE audit SET outcome = 'unknown', hash = 'closed' WHERE id = ?1")
      .bind(`${MEDIA}#2`)
      .run()
    await run()
    expect(await storedIds()).toEqual([`${DATA}#3`])
  })

  test('keeps the others going however many runs it takes', async () => {
    await writeInTurn()
    const most = { batches: 1, records: 2, bytes: 1 << 20, expiredKeys: 0 }
    const runs = []
    for (const _ of [1, 2, 3])
      runs.push((await retain({ DB, AUDIT_EXPORT, AUDIT_RETENTION_DAYS }, NOW, most)).removed)
    expect(runs).toEqual([2, 2, 1])
    expect([await faultIn(MEDIA), await faultIn(DATA)]).toEqual([null, null])
  })
})

describe('after retention', () => {
  test('the chain is whole', async () => {
    await write(MEDIA, OLD, OLD, YOUNG, YOUNG)
    await run()
    expect(await faultIn(MEDIA)).toBeNull()
  })

  test('the chain is whole after another run too', async () => {
    await write(MEDIA, OLD, OLD, YOUNG, daysAgo(1))
    await run()
    await retain({ DB, AUDIT_EXPORT, AUDIT_RETENTION_DAYS: '2' }, NOW)
    expect([await storedIds(), await faultIn(MEDIA)]).toEqual([[`${MEDIA}#4`], null])
  })

  test('a deleted checkpoint shows as a gap', async () => {
    await write(MEDIA, OLD, OLD, YOUNG)
    await run()
    await DB.prepare('DELETE FROM audit_checkpoints').run()
    expect(await faultIn(MEDIA)).toMatchObject({
      row: { sequence: 3 },
      problem: 'comes too early: sequences 1 to 2 are missing',
    })
  })

  test('a slower run does not move a checkpoint back', async () => {
    await write(MEDIA, OLD, OLD, YOUNG)
    const ahead = "INSERT INTO audit_checkpoints VALUES (?1, 7, 'of a faster run')"
    await DB.prepare(ahead).bind(MEDIA).run()
    await run()
    expect(await DB.prepare('SELECT sequence FROM audit_checkpoints').first('sequence')).toBe(7)
  })
})

describe('a large trail', () => {
  const most = { batches: 3, records: 5, bytes: 5_000, expiredKeys: 3 }
  const small = (bucket = AUDIT_EXPORT) =>
    retain({ DB, AUDIT_EXPORT: bucket, AUDIT_RETENTION_DAYS }, NOW, most)
  const writeMany = (count: number, said: Said = { values: {} }) =>
    write(MEDIA, ...Array.from({ length: count }, () => daysAgo(DAYS + 1, said)))

  test('goes in several objects', async () => {
    await writeMany(11)
    expect(await small()).toMatchObject({ removed: 11, objects: 3 })
  })

  test('goes in objects of a bounded size', async () => {
    await writeMany(6, { values: { body: JSON.stringify('x'.repeat(2_400)) } })
    await small()
    const lines = (await exported()).map(({ number }) => Number(number))
    expect([lines.length, (await keys()).length]).toEqual([6, 2])
  })

  test('goes on although one record alone is larger than that', async () => {
    await writeMany(3, { values: { body: JSON.stringify('x'.repeat(6_000)) } })
    expect(await small()).toMatchObject({ removed: 3, objects: 3 })
  })

  test('goes in as many runs as it takes', async () => {
    await writeMany(16)
    expect([(await small()).removed, (await small()).removed]).toEqual([15, 1])
  })

  test('is whole although a run stopped in the middle of a lane', async () => {
    await writeMany(7)
    let puts = 0
    const once = putting((...args) => {
      puts += 1
      return puts === 2 ? Promise.reject(new Error('R2 is away')) : AUDIT_EXPORT.put(...args)
    })
    await small(once)
    expect([(await storedIds()).length, await faultIn(MEDIA)]).toEqual([2, null])
  })
})

describe('an idempotency key', () => {
  const insert = (digest: string, expiresAt: number) =>
    DB.prepare('INSERT INTO idempotency_keys VALUES (?1, ?2, ?3, ?4, NULL, ?5)')
      .bind('k1', digest, 'f', 'a', expiresAt)
      .run()

  test('is forgotten when its time is over', async () => {
    await insert('over', NOW)
    await insert('not over', NOW + 1)
    await run()
    const { results } = await DB.prepare('SELECT key_digest FROM idempotency_keys').all()
    expect(results).toEqual([{ key_digest: 'not over' }])
  })

  test('is forgotten without a bucket too', async () => {
    await insert('over', NOW - 1)
    expect(await withoutBucket()).toMatchObject({ expiredKeys: 1 })
  })

  test('is forgotten in one run of several when there are many', async () => {
    await Promise.all(['a', 'b', 'c', 'd'].map((digest) => insert(digest, NOW - 1)))
    const most = { batches: 1, records: 1, bytes: 1, expiredKeys: 3 }
    const runs = [await retain({ DB }, NOW, most), await retain({ DB }, NOW, most)]
    expect(runs.map(({ expiredKeys }) => expiredKeys)).toEqual([3, 1])
  })

  test('is forgotten although the bucket takes nothing', async () => {
    await write(MEDIA, OLD)
    await insert('over', NOW - 1)
    expect(await withFailingBucket()).toMatchObject({ expiredKeys: 1 })
  })
})
