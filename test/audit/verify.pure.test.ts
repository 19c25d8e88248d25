import { describe, expect, test } from 'vitest'
import { type Link, scan, startOf, verifyLane } from '../../src/audit/verify.ts'
import { readBack, type Said, writeLane, writeUsual } from './trail.ts'

const LANE = 'bucket:default/media-assets'
const PENDING: Said = { outcome: 'pending' }

const read = async (...records: Said[]) => readBack(await writeLane(LANE, records))
const usual = async (count: number) => readBack(await writeUsual(LANE, count))

const edit = (links: readonly Link[], index: number, change: object) =>
  links.map((link, at) => (at === index ? { ...link, row: { ...link.row, ...change } } : link))

const hashAt = (links: readonly Link[], index: number) => String(links[index]?.row.hash)

test('a lane without records is whole', async () => {
  expect(await verifyLane([], null)).toBeNull()
})

test('a pending record at the end is no fault', async () => {
  expect(await verifyLane(await read({}, {}, PENDING), null)).toBeNull()
})

test('denied changes are links like any other', async () => {
  const denied: Said = { decision: 'denied', outcome: 'denied', code: 'denied', values: { body: '{}' } }
  expect(await verifyLane(await read({}, denied, {}), null)).toBeNull()
})

test('records without any value are whole', async () => {
  expect(await verifyLane(await read({ values: {} }, { values: {} }), null)).toBeNull()
})

describe('a pending record before others', () => {
  test('is named itself', async () => {
    const links = edit(await usual(3), 1, { outcome: 'pending', hash: null })
    expect(await verifyLane(links, null)).toMatchObject({
      row: { sequence: 2 },
      problem: 'is still pending although another record follows it',
    })
  })

  test('is found across parts that are followed one by one', async () => {
    const links = edit(await usual(3), 1, { outcome: 'pending', hash: null })
    const { end } = await scan(links.slice(0, 2), startOf(null))
    expect((await scan(links.slice(2), end)).fault).toMatchObject({ row: { sequence: 2 } })
  })
})

describe('behind a checkpoint', () => {
  test('the rest of a lane is whole', async () => {
    const links = await usual(5)
    expect(await verifyLane(links.slice(2), { sequence: 2, hash: hashAt(links, 1) })).toBeNull()
  })

  test('a removed record is found', async () => {
    const links = await usual(5)
    const fault = await verifyLane(links.slice(3), { sequence: 2, hash: hashAt(links, 1) })
    expect(fault).toMatchObject({ row: { sequence: 4 }, problem: 'comes too early: sequence 3 is missing' })
  })

  test('another hash in the checkpoint is found', async () => {
    const links = await usual(5)
    const fault = await verifyLane(links.slice(2), { sequence: 2, hash: hashAt(links, 2) })
    expect(fault).toMatchObject({ row: { sequence: 3 } })
  })

  test('a record that was removed and is there again is found', async () => {
    const links = await usual(5)
    const fault = await verifyLane(links.slice(1), { sequence: 2, hash: hashAt(links, 1) })
    expect(fault).toMatchObject({ row: { sequence: 2 }, problem: 'is out of order: sequence 3 comes next' })
  })

  test('a missing checkpoint is told by how many records are missing', async () => {
    const fault = await verifyLane((await usual(5)).slice(2), null)
    expect(fault).toMatchObject({
      row: { sequence: 3 },
      problem: 'comes too early: sequences 1 to 2 are missing',
    })
  })
})

test('a record that was rewritten with a hash to match is found by the one that follows it', async () => {
  const links = await usual(4)
  const forged = readBack(await writeLane(LANE, [{}, { team: 'finance' }, {}, {}]))
  const fault = await verifyLane([...links.slice(0, 1), ...forged.slice(1, 2), ...links.slice(2)], null)
  expect(fault).toMatchObject({ row: { sequence: 3 }, problem: expect.stringContaining('sequence 2') })
})

test('records that were numbered anew against their order are found', async () => {
  const links = edit(edit(await usual(3), 0, { number: 2 }), 1, { number: 1 })
  expect(await verifyLane(links, null)).toMatchObject({ row: { sequence: 2 } })
})

test('a column with something that no record has there is named', async () => {
  const fault = await verifyLane(edit(await usual(3), 1, { dialect: 'v5' }), null)
  expect(fault).toMatchObject({ row: { sequence: 2 }, problem: expect.stringContaining('dialect') })
})

test.each(['body', 'before', 'after'] as const)('a missing value (%s) is named', async (part) => {
  const [first, ...rest] = await usual(2)
  const { [part]: _, ...values } = first?.values ?? {}
  const links = first ? [{ ...first, values }, ...rest] : []
  expect(await verifyLane(links, null)).toMatchObject({
    row: { sequence: 1 },
    problem: `lacks its value "${part}"`,
  })
})
