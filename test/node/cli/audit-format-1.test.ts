import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, test } from 'vitest'
import { canonicalJson } from '../../../src/encoding/canonical-json.ts'
import { migrate, openInMemory } from './audit-database.ts'
import { auditCommand } from './audit-run.ts'

/**
 * The table of records is made anew, so that a record may be about more than a bucket. Over a trail that the warden
 * wrote before that, nothing of it is lost, and its hashes hold.
 */

const TRAIL = readFileSync(path.join(import.meta.dirname, '../../audit/format-1.sql'), 'utf8')
const LIFE = 'bucket:default/media-life'
const SUBJECTS = '0003'

let database: DatabaseSync

beforeEach(() => {
  database = openInMemory({ before: SUBJECTS })
  database.exec(TRAIL)
})

const bringUpToDate = () => migrate(database, { from: SUBJECTS })
const verify = async () => JSON.parse((await auditCommand(database, 'verify', '--json')).stdout)
const rowsOf = (table: string) =>
  database
    .prepare(`SELECT * FROM ${table} ORDER BY 1, 2`)
    .all()
    .map((row) => ({ ...row }))

/** What a row of before is now. */
const now = ({ domain, queue_id, ...kept }: Record<string, unknown>) => ({
  ...kept,
  format: 1,
  subject: `bucket:${kept.jurisdiction}/${kept.bucket}`,
  params: canonicalJson({
    bucket: kept.bucket,
    domain: domain ?? undefined,
    queueId: queue_id ?? undefined,
  }),
  policy_version: null,
})

test('the trail is whole', async () => {
  bringUpToDate()
  expect(await auditCommand(database, 'verify')).toMatchObject({
    stdout: '✓ The audit trail is whole: 8 lanes, 32 records, 2 of them pending.\n',
    code: 0,
  })
})

test('the trail is whole behind what retention has removed', async () => {
  const oldest = `FROM audit WHERE lane = '${LIFE}' AND sequence <= 4`
  database.exec(`
    INSERT INTO audit_checkpoints SELECT lane, sequence, hash ${oldest} ORDER BY sequence DESC LIMIT 1;
    DELETE FROM audit_values WHERE id IN (SELECT id ${oldest});
    DELETE ${oldest}`)
  bringUpToDate()
  expect(await verify()).toMatchObject({ whole: true, lanes: 8, records: 28 })
})

test('every record is there with its number and all that it said, and says its subject and its params', () => {
  const before = rowsOf('audit')
  bringUpToDate()
  expect(rowsOf('audit')).toEqual(before.map(now))
})

test('params are canonical JSON, whatever stood there', () => {
  const strange = `'a"\\é😀\u0001\u007f\u2028'`
  database.exec(
    `UPDATE audit SET bucket = ${strange}, domain = ${strange}, queue_id = ${strange} WHERE number = 1`,
  )
  const before = rowsOf('audit')
  bringUpToDate()
  expect(rowsOf('audit')).toEqual(before.map(now))
})

test.each(['audit_values', 'bucket_slots', 'idempotency_keys'])('%s stays as it was', (table) => {
  const before = rowsOf(table)
  expect(before).not.toEqual([])
  bringUpToDate()
  expect(rowsOf(table)).toEqual(before)
})

describe('the number of the next record is above every number there ever was', () => {
  const nextNumber = () => {
    const { number: _, ...row } = rowsOf('audit')[0] ?? {}
    const fresh = { ...row, id: 'next', lane: 'next', outcome: 'happened' }
    const names = Object.keys(fresh)
    database
      .prepare(
        `INSERT INTO audit (${names.join(', ')}) VALUES (${names.map((name) => `:${name}`).join(', ')})`,
      )
      .run(fresh)
    return database.prepare(`SELECT number FROM audit WHERE id = 'next'`).get()?.number
  }

  test('when all are there', () => {
    bringUpToDate()
    expect(nextNumber()).toBe(33)
  })

  test('when the newest have been removed', () => {
    database.exec('DELETE FROM audit WHERE number > 5')
    bringUpToDate()
    expect(nextNumber()).toBe(33)
  })
})

test('there may have been no record at all', async () => {
  database = openInMemory({ before: SUBJECTS })
  bringUpToDate()
  expect(await verify()).toMatchObject({ whole: true, records: 0 })
})

describe('whoever changes a record of before in what was not there then is found', () => {
  test.each([
    ['its subject', `subject = 'bucket:default/media-other'`],
    ['a part of its params', `params = '{"bucket":"media-life","domain":"cdn.media.example.org"}'`],
    ['a param that it did not have', `params = '{"bucket":"media-life","id":"1"}'`],
    ['a param that is none', `params = '{"bucket":"media-life","domain":null}'`],
    ['the bucket in its params', `params = '{"bucket":"media-other"}'`],
    ['the form of its params', `params = '{ "bucket":"media-life" }'`],
    ['params that are not JSON', `params = '{"bucket"'`],
    ['its policy version', 'policy_version = 1'],
    ['its format', 'format = 2'],
    ['a format that is none', 'format = 3'],
  ])('%s', async (_, change) => {
    bringUpToDate()
    database.exec(`UPDATE audit SET ${change} WHERE lane = '${LIFE}' AND sequence = 2`)
    expect(await verify()).toMatchObject({ whole: false, broken: [{ lane: LIFE, sequence: 2 }] })
  })

  test('a record without a bucket', async () => {
    bringUpToDate()
    database.exec(`UPDATE audit SET jurisdiction = NULL WHERE lane = '${LIFE}' AND sequence = 2`)
    expect(await verify()).toMatchObject({ broken: [{ lane: LIFE, sequence: 2 }] })
  })
})
