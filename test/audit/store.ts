import { env } from 'cloudflare:workers'
import { type Fault, verifyLane } from '../../src/audit/verify.ts'
import { insertRecord } from '../../src/store/audit.ts'
import { page } from '../../src/store/audit-pages.ts'
import { condition } from '../../src/store/condition.ts'
import { ask, batch } from '../../src/store/d1.ts'
import type { Written } from './trail.ts'

/** Writes records into the store, in this order. */
export function store(written: readonly Written[]): Promise<unknown> {
  return batch(
    env.DB,
    written.flatMap(({ record, values }) => insertRecord(record, values)),
  )
}

export async function clearTrail(): Promise<void> {
  const tables = ['audit', 'audit_values', 'audit_checkpoints', 'idempotency_keys']
  await env.DB.batch(tables.map((table) => env.DB.prepare(`DELETE FROM ${table}`)))
}

/** Ids of the records that are in the store. */
export async function storedIds(): Promise<string[]> {
  const { results } = await env.DB.prepare('SELECT id FROM audit ORDER BY number').all<{ id: string }>()
  return results.map(({ id }) => id)
}

export async function countRows(table: string): Promise<number | null> {
  return env.DB.prepare(`SELECT count(*) AS count FROM ${table}`).first<number>('count')
}

/** What verification says of one lane as it is in the store. */
export async function faultIn(lane: string): Promise<Fault | null> {
  const whole = { order: ['sequence'], records: 10_000, bytes: 1 << 30 } as const
  const { links } = await ask(env.DB, page({ where: condition('lane = ?', lane), ...whole }))
  return verifyLane(links, links[0]?.checkpoint ?? null)
}
