import * as z from 'zod'
import { TLS_VERSIONS } from '../../policy/names.ts'
import { contains, unreadable } from '../changes.ts'
import { hostname, zoneId } from '../fields.ts'
import { operation, resource } from '../operation.ts'

const minTLS = z.enum(TLS_VERSIONS).meta({ description: 'Lowest TLS version for visitors' })
const ciphers = z
  .array(z.string().regex(/^[A-Za-z0-9_-]+$/, 'a cipher in the BoringSSL format'))
  .meta({ description: 'Ciphers for TLS termination, in the BoringSSL format' })

export const customDomainCreation = z
  .strictObject({
    domain: hostname,
    zoneId,
    enabled: z.boolean(),
    minTLS: minTLS.exactOptional(),
    ciphers: ciphers.exactOptional(),
  })
  .meta({
    id: 'CustomDomainCreation',
    examples: [
      {
        domain: 'cdn.media.example.com',
        zoneId: '023e105f4ecef8ad9ca31a8372d0c353',
        enabled: true,
        minTLS: '1.2',
      },
    ],
  })

export const customDomainChange = z
  .strictObject({
    enabled: z.boolean().exactOptional(),
    minTLS: minTLS.exactOptional(),
    ciphers: ciphers.exactOptional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'name at least one of enabled, minTLS, ciphers')
  .meta({ id: 'CustomDomainChange', examples: [{ minTLS: '1.3' }] })

const customDomain = z
  .object({
    domain: z.string(),
    enabled: z.boolean().exactOptional(),
    status: z.object({ ownership: z.string(), ssl: z.string() }).exactOptional(),
    minTLS: z.string().exactOptional(),
    ciphers: z.array(z.string()).exactOptional(),
    zoneId: z.string().exactOptional(),
    zoneName: z.string().exactOptional(),
  })
  .meta({ id: 'CustomDomain' })

/** What was set: not how far Cloudflare has come with it. */
function configuration(result: unknown): unknown {
  if (typeof result !== 'object' || result === null) return result
  const { status: _status, zoneName: _zoneName, ...set } = result as Record<string, unknown>
  return set
}

/** What an update left unsaid was at Cloudflare's defaults: it has no way to take a setting back. */
const settings = z.object({
  domain: z.string(),
  zoneId: z.string().optional(),
  enabled: z.boolean().default(true),
  minTLS: z.string().optional(),
  ciphers: z.array(z.string()).optional(),
})
const DEFAULTS = { minTLS: '1.0', ciphers: [] }

const all = '/buckets/:bucket/domains/custom'
const one = '/buckets/:bucket/domains/custom/:domain'

export const customDomains = resource('Custom domains', [
  operation({
    name: 'buckets.domains.custom.list',
    method: 'get',
    path: all,
    summary: 'List the custom domains',
    result: z.object({ domains: z.array(customDomain) }).meta({ id: 'CustomDomains' }),
  }),
  operation({
    name: 'buckets.domains.custom.create',
    method: 'post',
    path: all,
    summary: 'Add a custom domain',
    changes: {
      reads: 'buckets.domains.custom.get',
      domain: ({ domain }) => domain.toLowerCase(),
      isDone: (configuration) => configuration !== null,
      undo: ({ before }) =>
        before === null
          ? { operation: 'buckets.domains.custom.delete' }
          : { impossible: 'The domain was there before already.' },
    },
    body: customDomainCreation,
    result: customDomain,
    status: 201,
  }),
  operation({
    name: 'buckets.domains.custom.get',
    method: 'get',
    path: one,
    summary: 'Get a custom domain',
    result: customDomain,
    configuration,
  }),
  operation({
    name: 'buckets.domains.custom.update',
    method: 'put',
    path: one,
    summary: 'Change the settings of a custom domain',
    changes: {
      reads: 'buckets.domains.custom.get',
      isDone: contains,
      undo({ before, after }) {
        const [was, is] = [settings.safeParse(before).data, settings.safeParse(after).data]
        if (!was) return unreadable
        const { domain: _domain, zoneId: _zoneId, ...kept } = was
        const body = {
          ...(is?.minTLS !== undefined && { minTLS: DEFAULTS.minTLS }),
          ...(is?.ciphers !== undefined && { ciphers: DEFAULTS.ciphers }),
          ...kept,
        }
        return { operation: 'buckets.domains.custom.update', body }
      },
    },
    body: customDomainChange,
    result: customDomain,
  }),
  operation({
    name: 'buckets.domains.custom.delete',
    method: 'delete',
    path: one,
    summary: 'Remove a custom domain',
    changes: {
      reads: 'buckets.domains.custom.get',
      isDone: (configuration) => configuration === null,
      undo({ before }) {
        const was = settings.safeParse(before).data
        if (!was?.zoneId) return { impossible: 'The zone of the domain is not on record.' }
        return { operation: 'buckets.domains.custom.create', body: was }
      },
    },
  }),
])
