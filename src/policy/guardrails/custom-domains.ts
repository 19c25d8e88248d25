import * as z from 'zod'
import { TLS_VERSIONS } from '../names.ts'
import { among, compareOptions, least, listed, most } from './compare.ts'
import { type Change, kind, optional, reading, readingCurrent, type Violation } from './guardrail.ts'
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

const creation = z.looseObject({ domain: z.string(), zoneId: z.string(), minTLS: optional(z.string()) })
const EXPECTED = '{"domain": "cdn.example.com", "zoneId": "…", "enabled": true, "minTLS": "1.2"}'
const settings = z.looseObject({ enabled: optional(z.boolean()), minTLS: optional(z.string()) })
const EXPECTED_SETTINGS = '{"enabled": true, "minTLS": "1.2"}'
/** Of what is there, nothing is taken for granted. */
const placed = z.looseObject({ zoneId: z.string() })
const secured = z.looseObject({ minTLS: z.string().optional() })
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
  ways: {
    hostnames: [CREATE, UPDATE, DELETE],
    zoneIds: [CREATE, UPDATE],
    minTLS: [CREATE, UPDATE],
    maxCount: [CREATE],
  },
  open: {
    what: 'zones',
    options: 'customDomains.zoneIds or hostnames',
    operations: [CREATE, UPDATE, DELETE],
    isNamed: ({ hostnames, zoneIds }) => hostnames !== undefined || zoneIds !== undefined,
  },
  absent: { [GET]: {}, [LIST]: { domains: [] } },
  needs({ zoneIds, minTLS, maxCount }, operation) {
    if (operation === UPDATE && (minTLS !== undefined || zoneIds !== undefined)) return [GET]
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

    const zoneFault = (zoneId: string, pointer: string): Violation[] =>
      !zoneIds || zoneIds.includes(zoneId)
        ? []
        : [{ pointer, message: `zone ${zoneId} is not allowed`, value: zoneId, allowed: zoneIds }]

    if (change.operation === DELETE) return hostFault(change.domain ?? '', '')
    if (change.operation === UPDATE) {
      const host = hostFault(change.domain ?? '', '')
      if (minTLS === undefined && !zoneIds) return host
      const settingFaults = reading(settings, change.body, EXPECTED_SETTINGS, (asked) => [
        ...(zoneIds && asked.enabled !== false
          ? readingCurrent(placed, change, GET, ({ zoneId }) => zoneFault(zoneId, ''))
          : []),
        ...(minTLS === undefined ? [] : tlsAfter(asked.minTLS, change, tlsFault)),
      ])
      return [...host, ...settingFaults]
    }
    return reading(creation, change.body, EXPECTED, (asked) => [
      ...hostFault(asked.domain, '/domain'),
      ...zoneFault(asked.zoneId, '/zoneId'),
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
    const zones = [...unique(all.flatMap(({ zoneIds = [] }) => zoneIds)), NOWHERE]
    if (operation === UPDATE)
      return domains.flatMap((domain) =>
        zones.flatMap((zoneId) =>
          versions.map((minTLS) => ({
            domain,
            body: { minTLS },
            current: { [GET]: { domain, zoneId, enabled: true, minTLS } },
          })),
        ),
      )
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
function tlsAfter(
  asked: string | undefined,
  change: Change,
  tlsFault: (version: string) => readonly Violation[],
): readonly Violation[] {
  if (asked !== undefined) return tlsFault(asked)
  return readingCurrent(secured, change, GET, (there) => tlsFault(there.minTLS ?? '1.0'))
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
