import { env } from 'cloudflare:workers'
import { run } from '../harness.ts'

/** Ways in which the audit trail is away, each undone afterwards whatever comes. */

/** All of it: nothing is read from it or written to it. */
export const away = {
  by: 'ALTER TABLE audit RENAME TO audit_away',
  undone: 'ALTER TABLE audit_away RENAME TO audit',
}

/** Intents are written, outcomes are not. */
export const closing = {
  by: `CREATE TRIGGER away BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`,
  undone: 'DROP TRIGGER away',
}

/** What was pending can be closed, but nothing new begun. */
export const beginning = {
  by: `CREATE TRIGGER away BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`,
  undone: 'DROP TRIGGER away',
}

export async function during<T>(trouble: typeof away, work: () => Promise<T>): Promise<T> {
  await run([trouble.by])
  try {
    return await work()
  } finally {
    await run([trouble.undone])
  }
}

/** How the records of a lane ended, in their order. */
export async function outcomesIn(lane: string): Promise<string[]> {
  const query = 'SELECT outcome FROM audit WHERE lane = ?1 ORDER BY sequence'
  const { results } = await env.DB.prepare(query).bind(lane).all<{ outcome: string }>()
  return results.map(({ outcome }) => outcome)
}
