import * as z from 'zod'
import { TLS_VERSIONS } from '../names.ts'
import { among, compareOptions, least, listed, most } from './compare.ts'
import { type Change, kind, reading, readingCurrent, type Violation } from './guardrail.ts'
import { coversHost, parseHost, parseHostPattern } from './host.ts'
import { NOWHERE, type Sample, unique } from './samples.ts'

const hostPattern = z.string().refine((text) => parseHostPattern(text) !== null, {
  error: 'a host name; a `*.` may stand before it',
})
const zoneId = z.string().regex(/^[0-9a-f]{32}$/, '32 hexadecimal digits in lower case')

const CREATE = 'buckets.domains.custom.create'
const UPDATE = 'buckets.domains.custom.update'
const DELETE = 'buckets.domains.custom.delete'
const GET = 'buckets.domains.custom.get'
const LIST = 'buckets.domains.custom.list'

const creation = z.looseObject({ domain: z.string(), zoneId: z.string(), minTLS: z.string().optional() })
const settings = z.looseObject({ minTLS: z.string().optional() })
const listing = z.looseObject({ domains: z.array(z.unknown()) })

/**
 * At which hosts a bucket may be public, and how well guarded. A host that isn't among `hostnames` may
 * not be added, changed or removed: it is somebody else's. A domain without a TLS version takes 1.0.
 */
export const customDomains = kind({
  options: z
    .strictObject({
      hostnames: z.array(hostPattern).exactOptional(),
      zoneIds: z.array(zoneId).exactOptional(),
      minTLS: z.enum(TLS_VERSIONS).exactOptional(),
      maxCount: z.int().min(0).max(1000).exactOptional(),
    })
    .refine(
      (options) => Object.keys(options).length > 0,
      'says nothing: name hostnames, zoneIds, minTLS or maxCount',
    ),
  operations: [CREATE, UPDATE, DELETE],
  needs({ minTLS, maxCount }, operation) {
    if (operation === UPDATE && minTLS !== undefined) return [GET]
    return operation === CREATE && maxCount !== undefined ? [LIST] : []
  },
  check({ hostnames, zoneIds, minTLS, maxCount }, change) {
    const hostFault = (domain: string, pointer: string): Violation[] => {
      const host = parseHost(domain)
      const isAllowed = !hostnames || (host !== null && hostnames.some((text) => covers(text, host)))
      return isAllowed
        ? []
        : [{ pointer, message: `host ${domain} is not allowed`, value: domain, allowed: hostnames }]
    }
    const tlsFault = (version: string): Violation[] =>
      minTLS === undefined || rank(version) >= rank(minTLS)
        ? []
        : [
            {
              pointer: '/minTLS',
              message: `TLS ${version} is below ${minTLS}`,
              value: version,
              allowed: `${minTLS} or higher`,
            },
          ]

    if (change.operation === DELETE) return hostFault(change.domain ?? '', '')
    if (change.operation === UPDATE)
      return [
        ...hostFault(change.domain ?? '', ''),
        ...(minTLS === undefined ? [] : tlsAfter(change, tlsFault)),
      ]
    return reading(creation, change.body, (asked) => [
      ...hostFault(asked.domain, '/domain'),
      ...(zoneIds && !zoneIds.includes(asked.zoneId)
        ? [
            {
              pointer: '/zoneId',
              message: `zone ${asked.zoneId} is not allowed`,
              value: asked.zoneId,
              allowed: zoneIds,
            },
          ]
        : []),
      ...tlsFault(asked.minTLS ?? '1.0'),
      ...(maxCount === undefined ? [] : tooMany(change, maxCount)),
    ])
  },
  compare: (strict, loose) =>
    compareOptions(strict, loose, { hostnames, zoneIds: among, minTLS: least(rank), maxCount: most }),
  samples(operation, all): Sample[] {
    const named = unique(all.flatMap(({ hostnames = [] }) => hostnames))
    const domains = [...named.map((one) => one.replace('*', 'www')), 'www.example.net']
    if (operation === DELETE) return domains.map((domain) => ({ domain }))
    const versions = all.some(({ minTLS }) => minTLS !== undefined) ? TLS_VERSIONS : ['1.3']
    if (operation === UPDATE)
      return domains.flatMap((domain) => versions.map((minTLS) => ({ domain, body: { minTLS } })))
    const zones = [...unique(all.flatMap(({ zoneIds = [] }) => zoneIds)), NOWHERE]
    const limits = unique(all.flatMap(({ maxCount }) => maxCount ?? []))
    const counts = [0, ...limits.flatMap((most) => [Math.max(0, most - 1), most])]
    return domains.flatMap((domain) =>
      zones.flatMap((zoneId) =>
        versions.flatMap((minTLS) =>
          counts.map((count) => ({
            body: { domain, zoneId, enabled: true, minTLS },
            current: { [LIST]: { domains: Array(count).fill({}) } },
          })),
        ),
      ),
    )
  },
})

const hostnames = listed((outer, inner) => {
  const [wide, narrow] = [parseHostPattern(outer), parseHostPattern(inner)]
  return wide !== null && narrow !== null && coversHost(wide, narrow)
})

/** What an update leaves unsaid stays as it is. */
function tlsAfter(change: Change, tlsFault: (version: string) => Violation[]) {
  return reading(settings, change.body, (asked) =>
    asked.minTLS !== undefined
      ? tlsFault(asked.minTLS)
      : readingCurrent(settings, change, GET, (known) => tlsFault(known.minTLS ?? '1.0')),
  )
}

function tooMany(change: Change, maxCount: number) {
  return readingCurrent(listing, change, LIST, ({ domains }) =>
    domains.length < maxCount
      ? []
      : [
          {
            pointer: '',
            message: `the bucket has ${domains.length} custom domains already`,
            value: domains.length + 1,
            allowed: `${maxCount} or less`,
          },
        ],
  )
}

function covers(text: string, host: string): boolean {
  const pattern = parseHostPattern(text)
  return pattern !== null && coversHost(pattern, { host, isBelow: false })
}

const VERSIONS: readonly string[] = TLS_VERSIONS

/** -1 for what isn't a version: below every floor. */
function rank(version: string): number {
  return VERSIONS.indexOf(version)
}
