import { ACCOUNT_ID } from './contenders.ts'
import type { Traffic } from './load.ts'
import type { StoredKey } from './store.ts'

/** Reads of one bucket, each as often as it stands here: v1's path, and upstream's below the account. */
const READS: readonly (readonly [string, string])[] = [
  ...times(6, ['', '/r2/buckets/:bucket']),
  ...times(4, ['/cors', '/r2/buckets/:bucket/cors']),
  ...times(3, ['/lifecycle', '/r2/buckets/:bucket/lifecycle']),
  ...times(2, ['/lock', '/r2/buckets/:bucket/lock']),
  ...times(3, ['/domains/custom', '/r2/buckets/:bucket/domains/custom']),
  ...times(1, ['/domains/managed', '/r2/buckets/:bucket/domains/managed']),
  ...times(1, ['/event-notifications', '/event_notifications/r2/:bucket/configuration']),
]
const BUCKETS = ['assets', 'site-prod', 'logs', 'backups', 'uploads']
/** One request in so many names a jurisdiction. */
const ELSEWHERE = 10

export interface SameTraffic {
  readonly warden: Traffic
  readonly passThrough: Traffic
}

/** Mixed reads by many keys in turn: as they go to the warden, and the same as they go to the pass-through. */
export function mixedReads(keys: readonly StoredKey[], count: number): SameTraffic {
  const warden: Buffer[] = []
  const passThrough: Buffer[] = []
  for (let index = 0; index < count; index++) {
    const key = at(keys, index)
    const round = Math.floor(index / keys.length)
    const [path, upstreamPath] = at(READS, index * 7 + round)
    const bucket = `${key.team}-${at(BUCKETS, index + round)}`
    const isElsewhere = index % ELSEWHERE === 0
    const headers = [
      'host: warden.example.com',
      `authorization: Bearer ${key.text}`,
      'accept: application/json',
      'user-agent: bench',
    ]
    warden.push(request(`/v1/buckets/${bucket}${path}${isElsewhere ? '?jurisdiction=eu' : ''}`, headers))
    passThrough.push(
      request(`/client/v4/accounts/${ACCOUNT_ID}${upstreamPath.replace(':bucket', bucket)}`, [
        ...headers,
        ...(isElsewhere ? ['cf-r2-jurisdiction: eu'] : []),
      ]),
    )
  }
  return { warden, passThrough }
}

/** One GET without a key. */
export const publicRead = (path: string): Traffic => [request(path, ['host: warden.example.com'])]

function request(path: string, headers: readonly string[]): Buffer {
  return Buffer.from(`GET ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`)
}

function times(count: number, read: readonly [string, string]) {
  return new Array<typeof read>(count).fill(read)
}

/** The list as a circle. */
function at<T>(list: readonly T[], index: number): T {
  const item = list[index % list.length]
  if (item === undefined) throw new Error('an empty list')
  return item
}
