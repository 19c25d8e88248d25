import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkChains } from '../../soak/chains.ts'
import {
  type AnswerSeen,
  type Compared,
  compare,
  type Recorded,
  type SentChange,
} from '../../soak/compare.ts'
import { checkSlots } from '../../soak/slots.ts'
import { soak } from '../../soak/soak.ts'
import { CHAIN_START, hashOf } from '../../src/audit/chain.ts'
import type { AuditRecord } from '../../src/audit/record.ts'
import { sha256 } from '../../src/encoding/canonical-json.ts'
import { aboutOf, usual } from '../audit/usual.ts'

const KILLS = 5
const CLIENTS = 6

describe('a warden that is killed at random moments', () => {
  it('has every change that reached upstream on record, with its true outcome', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'warden-killed-'))
    const seed = Math.floor(Math.random() * 2 ** 32)
    const { figures, discrepancies } = await soak({ kills: KILLS, clients: CLIENTS, seed, folder })
    expect(discrepancies, `seed ${seed}, evidence in ${folder}`).toEqual([])
    rmSync(folder, { recursive: true, force: true })
    expect(figures.carriedOut).toBeGreaterThan(KILLS)
    expect(figures.reconciled.happened).toBeGreaterThan(0) // some kill came between a change and its record
  })
})

const IDENTITY = 'buckets.cors.update default/soak-shared mark-1-1'
const sent = (part: Partial<SentChange> = {}): SentChange => ({
  id: 1,
  at: 1000,
  identity: IDENTITY,
  status: 200,
  carriedOut: true,
  ...part,
})
const recorded = (part: Partial<Recorded> = {}): Recorded => ({
  id: 'first',
  at: 990,
  identity: IDENTITY,
  outcome: 'happened',
  ...part,
})
const told = (part: Partial<AnswerSeen> = {}): AnswerSeen => ({
  identity: IDENTITY,
  retries: false,
  status: 204,
  requestId: 'first',
  ...part,
})
const kindsIn = (compared: Partial<Compared>) =>
  compare({ sent: [], recorded: [], told: [], ...compared }).map(({ kind }) => kind)

describe('the comparison of log and trail finds', () => {
  const notCarriedOut = sent({ status: 503, carriedOut: false })

  it.each<[string, Partial<Compared>, string]>([
    ['a change without a record', { sent: [sent()] }, 'no record'],
    ['a refused change without a record', { sent: [notCarriedOut] }, 'no record'],
    ['a change sent before its record', { sent: [sent()], recorded: [recorded({ at: 1001 })] }, 'no record'],
    [
      'a record of another change only',
      { sent: [sent()], recorded: [recorded(), recorded({ identity: 'another', outcome: 'refused' })] },
      'no such change',
    ],
    ['a change that happened but was never sent', { recorded: [recorded()] }, 'no such change'],
    ['a refusal of nothing', { recorded: [recorded({ outcome: 'refused' })] }, 'no such change'],
    ['a record still open', { sent: [sent()], recorded: [recorded({ outcome: 'pending' })] }, 'pending'],
    ['an open record of nothing', { recorded: [recorded({ outcome: 'pending' })] }, 'pending'],
    [
      'a change carried out that did not happen',
      { sent: [sent()], recorded: [recorded({ outcome: 'did_not_happen' })] },
      'wrong outcome',
    ],
    [
      'a change carried out that was refused',
      { sent: [sent()], recorded: [recorded({ outcome: 'refused' })] },
      'wrong outcome',
    ],
    [
      'a denied change that was sent',
      { sent: [notCarriedOut], recorded: [recorded({ outcome: 'denied' })] },
      'wrong outcome',
    ],
    [
      'a change not carried out that happened',
      { sent: [notCarriedOut], recorded: [recorded()] },
      'wrong outcome',
    ],
    [
      'two requests for one record',
      { sent: [notCarriedOut, sent({ id: 2, at: 1010 })], recorded: [recorded()] },
      'sent twice',
    ],
    [
      'one change carried out by two attempts',
      {
        sent: [sent(), sent({ id: 2, at: 2000 })],
        recorded: [recorded(), recorded({ id: 'second', at: 1990 })],
      },
      'carried out twice',
    ],
    [
      'a success that is not on record as one',
      { sent: [sent()], recorded: [recorded({ outcome: 'unknown' })], told: [told()] },
      'told otherwise',
    ],
    [
      'a success under the id of no record',
      { sent: [sent()], recorded: [recorded()], told: [told({ requestId: 'another' })] },
      'told otherwise',
    ],
  ])('%s', (_, compared, kind) => {
    expect(kindsIn(compared)).toContain(kind)
  })
})

describe('the comparison of log and trail is content with', () => {
  const late = sent({ id: 2, at: 2000 })
  const second = recorded({ id: 'second', at: 1990 })

  it.each<[string, Partial<Compared>]>([
    ['a change that happened', { sent: [sent()], recorded: [recorded()], told: [told()] }],
    ['a change of which nobody knows', { sent: [sent()], recorded: [recorded({ outcome: 'unknown' })] }],
    ['a change that never left', { recorded: [recorded({ outcome: 'did_not_happen' })] }],
    ['a change that was denied', { recorded: [recorded({ outcome: 'denied' })] }],
    ['a lost answer', { sent: [sent()], recorded: [recorded()], told: [told({ status: null })] }],
    [
      'a second attempt after a first that was not carried out',
      {
        sent: [sent({ carriedOut: false, status: 503 }), late],
        recorded: [recorded({ outcome: 'refused' }), second],
      },
    ],
    [
      'a second attempt after a first that never left',
      { sent: [late], recorded: [recorded({ outcome: 'did_not_happen' }), second] },
    ],
    [
      'a first answer that is given again',
      { sent: [sent()], recorded: [recorded()], told: [told({ retries: true, requestId: 'again' })] },
    ],
  ])('%s', (_, compared) => {
    expect(kindsIn(compared)).toEqual([])
  })
})

async function chain(length: number): Promise<AuditRecord[]> {
  const records: AuditRecord[] = []
  for (let sequence = 1; sequence <= length; sequence++) {
    const previousHash = records.at(-1)?.hash ?? CHAIN_START
    const record = { ...RECORD, id: `record-${sequence}`, sequence, previousHash }
    records.push({ ...record, hash: await hashOf(record) })
  }
  return records
}

const RECORD: AuditRecord = {
  ...usual,
  ...aboutOf({ bucket: 'soak-shared' }),
  id: '',
  lane: 'bucket:default/soak-shared',
  sequence: 0,
  at: 990,
  bucket: 'soak-shared',
  previousHash: CHAIN_START,
  hash: null,
}

const brokenIn = async (records: readonly AuditRecord[]) =>
  (await checkChains({ records, values: [] })).map(({ what }) => what)

describe('the check of the chains', () => {
  it('is content with records that lead to each other, in whatever order they are read', async () => {
    const records = await chain(3)
    expect(await brokenIn(records.reverse())).toEqual([])
  })

  it('finds a record that was altered', async () => {
    const [first, second, third] = await chain(3)
    expect(await brokenIn([first, { ...second, team: 'team-1' }, third] as AuditRecord[])).toEqual([
      expect.stringContaining('record 2 (record-2) is not what its hash says'),
    ])
  })

  it('finds a record that is gone', async () => {
    const [first, , third] = await chain(3)
    expect(await brokenIn([first, third] as AuditRecord[])).toEqual([
      expect.stringContaining('record 3 (record-3) follows 1 and does not lead to the one before'),
    ])
  })

  it('finds a value that was altered', async () => {
    const [record] = await chain(1)
    const kept = { ...record, bodyDigest: await sha256('{"rules":[]}') } as AuditRecord
    const records = [{ ...kept, hash: await hashOf(kept) }]
    const withBody = (value: string) =>
      checkChains({ records, values: [{ id: kept.id, part: 'body', value }] })
    expect(await withBody('{"rules":[]}')).toEqual([])
    expect(await withBody('{}')).toEqual([expect.objectContaining({ kind: 'altered value' })])
  })
})

describe('the check of the slots', () => {
  const created = { identity: 'buckets.create eu/soak-1-1' }
  const deleted = { identity: 'buckets.delete eu/soak-1-1', id: 2 }
  const slots = ['eu/soak-1-1']

  it.each([
    ['is content with a slot for each bucket', { sent: [sent(created)], slots }, []],
    ['is content with a slot freed', { sent: [sent(created), sent(deleted)], slots: [] }, []],
    ['finds a bucket without a slot', { sent: [sent(created)], slots: [] }, ['wrong slot']],
    ['finds a slot that was not freed', { sent: [sent(created), sent(deleted)], slots }, ['wrong slot']],
    ['finds a slot of nothing', { sent: [sent({ ...created, carriedOut: false })], slots }, ['wrong slot']],
    [
      'lets a slot be that may be one',
      { sent: [], slots, recorded: [recorded({ ...created, outcome: 'unknown' })] },
      [],
    ],
  ] as const)('%s', (_, known, kinds) => {
    expect(checkSlots({ recorded: [], ...known }).map(({ kind }) => kind)).toEqual(kinds)
  })
})
