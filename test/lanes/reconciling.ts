import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, vi } from 'vitest'
import * as z from 'zod'
import { type AuditRecord, auditRecord } from '../../src/audit/record.ts'
import { findRecord } from '../../src/store/audit.ts'
import { emulator } from '../harness.ts'
import { BUCKET, changes, DOMAIN, type Example } from '../routes/examples.ts'
import { exampleOf } from './dialects.ts'

/** The tools of the tests of what is settled later: changes on buckets of their own, and the clock. */

const AN_HOUR_MS = 3_600_000

/** Does something as an hour later: whatever was on its way has arrived, or never will. */
export async function anHourLater<T>(work: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + AN_HOUR_MS })
  try {
    return await work()
  } finally {
    vi.useRealTimers()
  }
}

/** In the tests of this file no alarm rings by itself, however slow they are: it is an hour later for whoever sets one. */
export function onlyRungAlarms(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + AN_HOUR_MS })
  })
  afterEach(() => {
    vi.useRealTimers()
  })
}

/** Runs the alarm of a lane, and tells whether there was one. */
export const ring = (lane: string): Promise<boolean> => runDurableObjectAlarm(env.LANES.getByName(lane))

/** The same an hour later; should the alarm have rung by itself meanwhile, it waits for what that does. */
export const ringLater = (lane: string): Promise<void> =>
  anHourLater(async () => {
    if (!(await ring(lane))) await env.LANES.getByName(lane).reconcile(lane)
  })

/** Ends a lane as the runtime may, at any moment: what it remembers stays, what it was doing doesn't. */
export const kill = (lane: string): Promise<void> =>
  runInDurableObject(env.LANES.getByName(lane), (_, state) => state.abort('killed')).catch(() => undefined)

/** A record as the store has it; a test that asks for one knows that it is there. */
export async function recordOf(id: string): Promise<AuditRecord> {
  return auditRecord.parse(await findRecord(env.DB, id))
}

export const outcomeOfRecord = async (id: string) => (await recordOf(id)).outcome

/** What a lane remembers, and when its alarm rings. */
export function insideOf(lane: string) {
  return runInDurableObject(env.LANES.getByName(lane), async (_, { storage }) => {
    const [row] = storage.sql.exec<{ state: string }>('SELECT state FROM memory').toArray()
    return { memory: remembered.parse(JSON.parse(row?.state ?? 'null')), alarm: await storage.getAlarm() }
  })
}

const remembered = z
  .looseObject({ pending: z.looseObject({ attempts: z.number(), notBefore: z.number() }).nullable() })
  .nullable()

/** A change whose place is known to nobody else. */
export interface Placed {
  readonly name: string
  readonly example: Example
  readonly bucket: string
  readonly lane: string
}

let count = 0

/** An example on a bucket of its own, made for it. */
export async function placed(name: string): Promise<Placed> {
  count += 1
  const bucket = `settle-${count}`
  await emulator.seed({ buckets: [{ name: bucket }] })
  const example = elsewhere(exampleOf(name), bucket)
  const isCreation = name === 'buckets.create'
  return { name, example, bucket, lane: `bucket:default/${bucket}${isCreation ? '-new' : ''}` }
}

/** Each changing operation once, each on a bucket of its own. */
export async function placedChanges(): Promise<Placed[]> {
  const all: Placed[] = []
  for (const { name } of changes) all.push(await placed(name))
  return all
}

export function elsewhere(example: Example, bucket: string): Example {
  const text = JSON.stringify(example)
    .replaceAll(BUCKET, bucket)
    .replaceAll('"media-new"', `"${bucket}-new"`)
    .replaceAll(DOMAIN, `${bucket}.media.example.com`)
  return JSON.parse(text)
}

/** What must be there for a change to be one. */
const FIRST: Readonly<Record<string, string>> = { 'buckets.sippy.delete': 'buckets.sippy.update' }

export function firstFor({ name, example, bucket }: Placed): Example | null {
  const first = FIRST[name] ?? example.after
  return first === undefined ? null : elsewhere(exampleOf(first), bucket)
}
