import { operations } from '../../src/routes/index.ts'
import type { Sent } from './running.ts'

/** What the warden reads by itself, around each change: once before, and once after unless all was removed. */

const readsOf = new Map(operations.map(({ name, changes }) => [name, changes?.reads] as const))

/**
 * Leaves what the client sent. Nothing is taken out but the read right before a change and the one right after it, of
 * what that change is about and in its jurisdiction: whatever else the warden might add is left, to be seen.
 */
export function withoutOwnReads(sent: readonly Sent[]): Sent[] {
  const own = new Set<Sent | undefined>()
  for (const [at, change] of sent.entries()) {
    const reads = readsOf.get(change.operation ?? '')
    if (reads === undefined) continue
    const isOwn = (one: Sent | undefined) =>
      one?.operation === reads &&
      one.method === 'GET' &&
      one.headers['cf-r2-jurisdiction'] === change.headers['cf-r2-jurisdiction']
    const isRemoval = change.method === 'DELETE' && change.body === ''
    const around = [sent[at - 1], ...(change.status < 400 && !isRemoval ? [sent[at + 1]] : [])]
    for (const one of around) if (isOwn(one)) own.add(one)
  }
  return sent.filter((one) => !own.has(one))
}
