import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { wranglerCommand } from '../../../cli/d1.ts'
import { writeUsual } from '../../audit/trail.ts'
import { Checkout } from '../checkout.ts'
import { type Ran, run } from '../run.ts'
import { openLocal, writeRecords } from './audit-database.ts'

/** The command as a shell starts it, over a local D1 database that somebody has been at. */
const checkout = new Checkout()
const inCheckout = (...args: string[]) =>
  run([process.execPath, ...args], { cwd: checkout.folder, env: { CI: 'true' } })
const verify = (...args: string[]) => inCheckout('cli/warden.ts', 'audit', 'verify', ...args)

async function applyMigrations(): Promise<void> {
  const { code, stderr } = await inCheckout(...wranglerCommand('d1', 'migrations', 'apply', 'DB', '--local'))
  if (code !== 0) throw new Error(stderr)
}

/** A database with a trail that the warden wrote when every record was about a bucket, brought up to date since. */
async function migrateOldTrail(): Promise<void> {
  const [migrations, all] = [checkout.path('migrations'), checkout.path('all-migrations')]
  cpSync(migrations, all, { recursive: true })
  for (const name of readdirSync(migrations)) if (name >= '0003') rmSync(path.join(migrations, name))
  await applyMigrations()
  const database = openLocal(checkout.folder)
  database.exec(readFileSync(path.join(import.meta.dirname, '../../audit/format-1.sql'), 'utf8'))
  database.close()
  cpSync(all, migrations, { recursive: true })
  await applyMigrations()
}

afterAll(() => checkout.remove())

test('a database without tables is told from a broken trail', async () => {
  const { code, stderr } = await verify()
  expect(stderr).toBe(
    'The database has no tables yet: run `npx wrangler d1 migrations apply DB --local` (or --remote).\n',
  )
  expect(code).toBe(1)
})

test('--help shows an example', async () => {
  const { code, stdout } = await verify('--help')
  expect(stdout).toContain('npx warden audit verify --remote --json')
  expect(code).toBe(0)
})

test('an option that does not exist is refused', async () => {
  const { code, stderr } = await verify('--everything')
  expect(stderr).toContain("unknown option '--everything'")
  expect(code).toBe(1)
})

/** In each lane but the first somebody has been at a record. */
const TAMPERED: readonly { readonly what: string; readonly lane: string; readonly sequence: number }[] = [
  { what: 'an edited record', lane: 'bucket:eu/data-tables', sequence: 2 },
  { what: 'a deleted record', lane: 'bucket:eu/data-logs', sequence: 3 },
  { what: 'records in another order', lane: 'bucket:eu/data-raw', sequence: 2 },
]
const [EDITED, DELETED, REORDERED] = TAMPERED.map(({ lane }) => lane)

describe('over a trail of before, and four lanes more', () => {
  beforeAll(async () => {
    await migrateOldTrail()
    const database = openLocal(checkout.folder)
    for (const lane of ['bucket:default/media-site', ...TAMPERED.map(({ lane }) => lane)])
      writeRecords(database, await writeUsual(lane, 4))
    database.close()
  })

  test('a whole one is said to be, without escape codes and without remarks', async () => {
    expect(await verify()).toEqual({
      code: 0,
      stdout: '✓ The audit trail is whole: 12 lanes, 48 records, 2 of them pending.\n',
      stderr: '',
    })
  })

  describe('that somebody has been at', () => {
    let found: Ran
    beforeAll(async () => {
      const database = openLocal(checkout.folder)
      database.exec(`UPDATE audit SET team = 'data' WHERE id = '${EDITED}#2';
        DELETE FROM audit WHERE id = '${DELETED}#2';
        UPDATE audit SET sequence = -1 WHERE id = '${REORDERED}#2';
        UPDATE audit SET sequence = 2 WHERE id = '${REORDERED}#3';
        UPDATE audit SET sequence = 3 WHERE id = '${REORDERED}#2'`)
      database.close()
      found = await verify('--json')
    })

    test.each(TAMPERED)('$what is found', ({ lane, sequence }) => {
      expect(JSON.parse(found.stdout).broken).toContainEqual(expect.objectContaining({ lane, sequence }))
    })

    test('nothing else is, and the exit code says that something was', () => {
      expect(JSON.parse(found.stdout)).toMatchObject({ whole: false, broken: TAMPERED.map(() => ({})) })
      expect(found.code).toBe(1)
    })
  })
})
