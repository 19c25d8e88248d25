import type { LogEntry } from '../emulator/src/request-log.ts'
import type { SentChange } from './compare.ts'
import type { Faults } from './faults.ts'
import { identityOf } from './identity.ts'

const BUCKET = /\/r2\/(?:buckets\/)?([a-z0-9-]+)(?:\/|$)/

/** A change in the emulator's log as the comparison wants it. */
export function sentOf(entry: LogEntry, faults: Pick<Faults, 'carriedOut'>): SentChange {
  const { id, at, operation, path, headers, body, status } = entry
  const bucket =
    operation === 'buckets.create' ? JSON.parse(body).name : (BUCKET.exec(path)?.[1] ?? `? ${path}`)
  const identity = identityOf({
    operation: operation ?? `${entry.method} ${path}`,
    jurisdiction: headers['cf-r2-jurisdiction'] ?? 'default',
    bucket,
    said: `${path} ${body}`,
  })
  return { id, at: Date.parse(at), identity, status, carriedOut: faults.carriedOut(entry) }
}
