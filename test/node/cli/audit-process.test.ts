import { cpSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { wranglerCommand } from '../../../cli/d1.ts'
import { writeUsual } from '../../audit/trail.ts'
import { Checkout } from '../checkout.ts'
import { run } from '../run.ts'
import { openLocal, writeRecords } from './audit-database.ts'

/** The command as a shell starts it, over a local D1 database that somebody has been at. */
const MEDIA = 'bucket:default/media-assets'
const DATA = 'bucket:eu/data-lake'

const checkout = new Checkout()
const [state, kept] = [checkout.path('.wrangler'), checkout.path('kept')]
const inCheckout = (...args: string[]) =>
  run([process.execPath, ...args], { cwd: checkout.folder, env: { CI: 'true' } })
const verify = (...args: string[]) => inCheckout('cli/warden.ts', 'audit', 'verify', ...args)

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

describe('over a trail of two lanes', () => {
  beforeAll(async () => {
    const { code, stderr } = await inCheckout(
      ...wranglerCommand('d1', 'migrations', 'apply', 'DB', '--local'),
    )
    if (code !== 0) throw new Error(stderr)
    const database = openLocal(checkout.folder)
    for (const lane of [MEDIA, DATA]) writeRecords(database, await writeUsual(lane, 4))
    database.close()
    cpSync(state, kept, { recursive: true })
  })

  beforeEach(() => {
    rmSync(state, { recursive: true })
    cpSync(kept, state, { recursive: true })
  })

  function tamper(statements: string): void {
    const database = openLocal(checkout.folder)
    database.exec(statements)
    database.close()
  }

  test('a whole one is said to be, without escape codes and without remarks', async () => {
    expect(await verify()).toEqual({
      code: 0,
      stdout: '✓ The audit trail is whole: 2 lanes, 8 records, none pending.\n',
      stderr: '',
    })
  })

  test.each<[string, string, number]>([
    ['an edited record', `UPDATE audit SET team = 'data' WHERE id = '${DATA}#2'`, 2],
    ['a deleted record', `DELETE FROM audit WHERE id = '${DATA}#2'`, 3],
    [
      'records in another order',
      `UPDATE audit SET sequence = -1 WHERE id = '${DATA}#2';
       UPDATE audit SET sequence = 2 WHERE id = '${DATA}#3';
       UPDATE audit SET sequence = 3 WHERE id = '${DATA}#2'`,
      2,
    ],
  ])('%s is found', async (_, statements, sequence) => {
    tamper(statements)
    const { code, stdout } = await verify('--json')
    expect(JSON.parse(stdout)).toMatchObject({ whole: false, broken: [{ lane: DATA, sequence }] })
    expect(code).toBe(1)
  })
})
