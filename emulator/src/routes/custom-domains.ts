import * as z from 'zod'
import type { Call } from '../call.ts'
import type { Answer } from '../envelope.ts'
import { ApiError } from '../errors.ts'
import { onBucket } from '../operation.ts'
import type { Bucket } from '../store/buckets.ts'
import type { CustomDomain } from '../store/domains.ts'

const MOST_DOMAINS = 50

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const HOSTNAME = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})+$`)
const hostname = z.string().toLowerCase().regex(HOSTNAME)

const minTLS = z.enum(['1.0', '1.1', '1.2', '1.3']).optional()
const ciphers = z.array(z.string()).optional()

const newDomain = z.object({
  domain: hostname,
  zoneId: z.string().regex(/^[0-9a-f]{32}$/),
  enabled: z.boolean().default(true),
  minTLS,
  ciphers,
})
const changes = z.object({ enabled: z.boolean().optional(), minTLS, ciphers })

const path = '/r2/buckets/:bucket/domains/custom'

export const customDomainOperations = [
  onBucket('buckets.domains.custom.list', 'GET', path, ({ services }, bucket) => ({
    result: { domains: services.store.domains.list(bucket).map(describe) },
  })),
  onBucket('buckets.domains.custom.create', 'POST', path, createDomain),
  onBucket('buckets.domains.custom.get', 'GET', `${path}/:domain`, (call, bucket) => ({
    result: describe(find(call, bucket)),
  })),
  onBucket('buckets.domains.custom.update', 'PUT', `${path}/:domain`, updateDomain),
  onBucket('buckets.domains.custom.delete', 'DELETE', `${path}/:domain`, deleteDomain),
]

function createDomain(call: Call, bucket: Bucket): Answer {
  const { domains } = call.services.store
  const value = call.body(newDomain)
  if (domains.isTaken(value.domain)) throw new ApiError('domain_exists')
  if (domains.list(bucket).length >= MOST_DOMAINS) throw new ApiError('too_many_domains')
  domains.add(bucket, value)
  // No zone name yet, as with Cloudflare: it is what makes Terraform follow up with a GET.
  return { result: { ...value, status: { ownership: 'pending', ssl: 'initializing' } } }
}

/** What isn't given stays as it was. wrangler repeats the domain in the body; the path decides. */
function updateDomain(call: Call, bucket: Bucket): Answer {
  const { enabled, minTLS, ciphers } = call.body(changes)
  const before = find(call, bucket)
  const after = {
    ...before,
    ...(enabled !== undefined && { enabled }),
    ...(minTLS !== undefined && { minTLS }),
    ...(ciphers !== undefined && { ciphers }),
  }
  call.services.store.domains.update(after)
  const { zoneId: _, ...result } = after
  return { result }
}

function deleteDomain(call: Call, bucket: Bucket): Answer {
  const { domain } = find(call, bucket)
  call.services.store.domains.delete(domain)
  return { result: { domain } }
}

function find(call: Call, bucket: Bucket): CustomDomain {
  const found = call.services.store.domains.find(bucket, call.param('domain').toLowerCase())
  if (!found) throw new ApiError('no_domain')
  return found
}

/** Active at the first look: the emulator has no certificate authority to wait for. */
function describe(domain: CustomDomain) {
  const zoneName = domain.domain.split('.').slice(-2).join('.')
  return { ...domain, status: { ownership: 'active', ssl: 'active' }, zoneName }
}
