import type { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { Progress } from '../../../cli/audit/progress.ts'
import { type Said, type Written, writeLane, writeUsual } from '../../audit/trail.ts'
import { openInMemory, writeRecords } from './audit-database.ts'
import { auditCommand } from './audit-run.ts'

const MEDIA = 'bucket:default/media-assets'
const DATA = 'bucket:eu/data-lake'
const TEAM = 'team:media'

/** A database with these lanes, after somebody has been at it. */
async function databaseOf(lanes: readonly Written[][], ...tampering: string[]) {
  const database = openInMemory()
  for (const written of lanes) writeRecords(database, written)
  for (const statement of tampering) database.exec(statement)
  return database
}

const threeLanes = async () => [
  await writeUsual(MEDIA, 6),
  await writeUsual(DATA, 3),
  await writeLane(TEAM, [{}, { outcome: 'pending', bucket: 'media-launch' }]),
]

const verify = async (...tampering: string[]) =>
  auditCommand(await databaseOf(await threeLanes(), ...tampering), 'verify')

const found = async (...tampering: string[]) => {
  const database = await databaseOf(await threeLanes(), ...tampering)
  const { stdout } = await auditCommand(database, 'verify', '--json')
  return JSON.parse(stdout)
}

/** Where a lane is broken, and nowhere else. */
const at = (lane: string, sequence: number, problem = '') => ({
  whole: false,
  broken: [{ lane, sequence, problem: expect.stringContaining(problem) }],
})

describe('a whole trail', () => {
  test('is said to be, with its lanes, records and pending ones', async () => {
    expect(await verify()).toMatchObject({
      stdout: '✓ The audit trail is whole: 3 lanes, 11 records, 1 of them pending.\n',
      code: 0,
    })
  })

  test('is an object in JSON', async () => {
    expect(await found()).toEqual({
      whole: true,
      lanes: 3,
      records: 11,
      pending: 1,
      broken: [],
      strayValues: [],
    })
  })

  test('may have no record at all', async () => {
    expect(await auditCommand(openInMemory(), 'verify')).toMatchObject({
      stdout: '✓ The audit trail is whole: 0 lanes, 0 records, none pending.\n',
      code: 0,
    })
  })

  test('may have names of every kind', async () => {
    const lanes = [await writeUsual("bucket:default/o'brien", 2), await writeUsual('bucket:default/ü%_"', 2)]
    expect(await auditCommand(await databaseOf(lanes), 'verify')).toMatchObject({ code: 0 })
  })

  test('says nothing on stderr when nobody watches', async () => {
    expect((await verify()).stderr).toBe('')
  })
})

describe('a broken trail', () => {
  test('is named by lane, sequence, record, time and what is wrong', async () => {
    const { stdout, code } = await verify(`UPDATE audit SET team = 'data' WHERE id = '${MEDIA}#3'`)
    expect(stdout).toContain(
      `✗ ${MEDIA} is broken at sequence 3: the record was changed: what it says does not give its hash.\n`,
    )
    expect(stdout).toContain(`record  ${MEDIA}#3\n    time    1970-01-01T00:00:03.000Z\n`)
    expect(stdout).toContain('The audit trail is not whole: 1 of 3 lanes broken.')
    expect(code).toBe(1)
  })

  test('is an object in JSON', async () => {
    expect(await found(`UPDATE audit SET code = 'x' WHERE id = '${DATA}#2'`)).toMatchObject({
      whole: false,
      lanes: 3,
      broken: [
        {
          lane: DATA,
          sequence: 2,
          id: `${DATA}#2`,
          at: '1970-01-01T00:00:02.000Z',
          problem: 'was changed: what it says does not give its hash',
        },
      ],
    })
  })

  test('names the first broken link of each lane', async () => {
    const { broken } = await found(
      `UPDATE audit SET team = 'data' WHERE sequence IN (2, 3) AND lane IN ('${MEDIA}', '${DATA}')`,
    )
    expect(broken).toMatchObject([
      { lane: MEDIA, sequence: 2 },
      { lane: DATA, sequence: 2 },
    ])
  })

  test.each<[string, string[], ReturnType<typeof at>]>([
    [
      'a deleted record',
      [`DELETE FROM audit_values WHERE id = '${MEDIA}#4'`, `DELETE FROM audit WHERE id = '${MEDIA}#4'`],
      at(MEDIA, 5, 'sequence 4 is missing'),
    ],
    [
      'two records that changed places',
      [
        `UPDATE audit SET sequence = 99 WHERE id = '${MEDIA}#2'`,
        `UPDATE audit SET sequence = 2 WHERE id = '${MEDIA}#3'`,
        `UPDATE audit SET sequence = 3 WHERE id = '${MEDIA}#2'`,
      ],
      at(MEDIA, 2),
    ],
    [
      'two records that changed numbers',
      [
        `UPDATE audit SET number = 99 WHERE id = '${DATA}#1'`,
        `UPDATE audit SET number = 7 WHERE id = '${DATA}#2'`,
        `UPDATE audit SET number = 8 WHERE id = '${DATA}#1'`,
      ],
      at(DATA, 2, 'was moved'),
    ],
    [
      'another value',
      [`UPDATE audit_values SET value = '{}' WHERE id = '${DATA}#2' AND part = 'before'`],
      at(DATA, 2, '"before"'),
    ],
    [
      'a missing value',
      [`DELETE FROM audit_values WHERE id = '${DATA}#3' AND part = 'after'`],
      at(DATA, 3, 'lacks its value "after"'),
    ],
    [
      'an added value',
      [`INSERT INTO audit_values VALUES ('${TEAM}#2', 'after', '{}')`],
      at(TEAM, 2, 'written without'),
    ],
    [
      'a record that was opened again',
      [`UPDATE audit SET outcome = 'pending', hash = NULL WHERE id = '${MEDIA}#1'`],
      at(MEDIA, 1, 'still pending'),
    ],
    ['a time that is none', [`UPDATE audit SET at = 9e15 WHERE id = '${MEDIA}#6'`], at(MEDIA, 6)],
    [
      'a jurisdiction that is none',
      [`UPDATE audit SET jurisdiction = 'x' WHERE id = '${MEDIA}#6'`],
      at(MEDIA, 6, 'jurisdiction'),
    ],
    [
      'a checkpoint that hides records',
      [`INSERT INTO audit_checkpoints VALUES ('${MEDIA}', 2, '${'ab'.repeat(32)}')`],
      at(MEDIA, 1, 'out of order'),
    ],
  ])('%s is found', async (_, tampering, report) => {
    expect(await found(...tampering)).toMatchObject(report)
  })

  test('the values of a record that is gone are named', async () => {
    const report = await found(`DELETE FROM audit WHERE id = '${MEDIA}#6'`)
    expect(report).toMatchObject({
      whole: false,
      broken: [],
      strayValues: [{ id: `${MEDIA}#6`, parts: ['after', 'before', 'body'] }],
    })
  })

  test('the values of a record that is gone are a fault', async () => {
    expect(await verify(`DELETE FROM audit WHERE id = '${MEDIA}#6'`)).toMatchObject({
      stdout: expect.stringContaining(`The record ${MEDIA}#6 is gone, but its values are there`),
      code: 1,
    })
  })
})

describe('a long trail', () => {
  const long = async (lane: string, ...odd: Said[]) => [
    ...(await writeLane(lane, [...Array.from({ length: 1700 }, () => ({ values: {} })), ...odd])),
  ]

  test('is followed over several pages', async () => {
    const database = await databaseOf([await long(MEDIA), await long(DATA)])
    const { stdout, statements } = await auditCommand(database, 'verify')
    expect(stdout).toContain('2 lanes, 3400 records, none pending')
    expect(statements).toBe(6)
  })

  test('is read no further in a lane than to the page of its first broken link', async () => {
    const database = await databaseOf(
      [await long(MEDIA), await long(DATA)],
      `UPDATE audit SET team = 'data' WHERE lane = '${MEDIA}' AND sequence IN (500, 1600)`,
    )
    const { broken, records } = JSON.parse((await auditCommand(database, 'verify', '--json')).stdout)
    expect(broken).toMatchObject([{ lane: MEDIA, sequence: 500 }])
    expect(records).toBe(1000 + 1700)
  })

  test('is broken where a fault lies behind the first page', async () => {
    const database = await databaseOf([await long(MEDIA)], `DELETE FROM audit WHERE sequence = 1001`)
    expect((await auditCommand(database, 'verify')).stdout).toContain('broken at sequence 1002')
  })

  test('with large values comes in more pages', async () => {
    const values = { body: JSON.stringify('x'.repeat(1 << 20)) }
    const lane = await writeLane(
      MEDIA,
      Array.from({ length: 10 }, () => ({ values })),
    )
    const { stdout, statements } = await auditCommand(await databaseOf([lane]), 'verify')
    expect(stdout).toContain('1 lane, 10 records')
    expect(statements).toBe(5)
  })
})

/** What retention does. */
function removeUpTo(database: DatabaseSync, written: readonly Written[], sequence: number): void {
  const last = written[sequence - 1]?.record
  const [checkpoint, values, record] = [
    'INSERT INTO audit_checkpoints VALUES (?, ?, ?)',
    'DELETE FROM audit_values WHERE id IN (SELECT id FROM audit WHERE lane = ? AND sequence <= ?)',
    'DELETE FROM audit WHERE lane = ? AND sequence <= ?',
  ].map((statement) => database.prepare(statement))
  checkpoint?.run(MEDIA, sequence, last?.hash ?? null)
  for (const removal of [values, record]) removal?.run(MEDIA, sequence)
}

describe('after retention', () => {
  const checkpointed = async (sequence: number) => {
    const written = await writeUsual(MEDIA, 6)
    const database = await databaseOf([written])
    removeUpTo(database, written, sequence)
    return database
  }

  test('a lane is whole from its checkpoint on', async () => {
    expect((await auditCommand(await checkpointed(4), 'verify')).stdout).toContain('1 lane, 2 records')
  })

  test('a lane counts that has nothing left but its checkpoint', async () => {
    expect((await auditCommand(await checkpointed(6), 'verify')).stdout).toContain('1 lane, 0 records')
  })

  test('a lane without its checkpoint is broken at its first record', async () => {
    const database = await checkpointed(4)
    database.exec('DELETE FROM audit_checkpoints')
    expect((await auditCommand(database, 'verify')).stdout).toContain('sequences 1 to 4 are missing')
  })
})

test('a chain whose beginning retention moves between two pages is whole', async () => {
  const written = await writeLane(
    MEDIA,
    Array.from({ length: 1700 }, () => ({ values: {} })),
  )
  const database = await databaseOf([written])
  let statements = 0
  const prepare = (statement: string) => {
    statements += 1
    if (statements === 3) removeUpTo(database, written, 1500)
    return database.prepare(statement)
  }
  expect(await auditCommand({ prepare }, 'verify')).toMatchObject({ code: 0, statements: 4 })
})

test('a change that is closed and followed by another between two pages is no fault', async () => {
  const records: Said[] = Array.from({ length: 1001 }, () => ({ values: {} }))
  const written = await writeLane(MEDIA, records)
  const seen = await writeLane(MEDIA, records.with(999, { outcome: 'pending', values: {} }).slice(0, 1000))
  const database = await databaseOf([seen, await writeUsual(DATA, 1)])
  let statements = 0
  const prepare = (statement: string) => {
    statements += 1
    if (statements === 3) {
      database.exec(`DELETE FROM audit WHERE id = '${MEDIA}#1000'`)
      writeRecords(database, written.slice(999))
    }
    return database.prepare(statement)
  }
  expect(await auditCommand({ prepare }, 'verify')).toMatchObject({ code: 0, statements: 4 })
})

test.each([
  [true, '\r\u001b[2Khalf\r\u001b[2K'],
  [false, ''],
])('progress is for a terminal (%s)', (isTTY, written) => {
  let text = ''
  const write = (part: string) => {
    text += part
    return true
  }
  const progress = new Progress({ isTTY, write })
  progress.say('half')
  progress.end()
  expect(text).toBe(written)
})

test('--help shows an example', async () => {
  const { stdout, code } = await auditCommand(openInMemory(), 'verify', '--help')
  expect(stdout).toContain('npx warden audit verify --remote --json')
  expect(code).toBe(0)
})

test.each([['--everything'], ['extra']])('%s is refused', async (argument) => {
  const { stderr, code } = await auditCommand(openInMemory(), 'verify', argument)
  expect(stderr).toContain('error:')
  expect(code).toBe(1)
})
