import { getAudit } from './audit/get.ts'
import { listAudit } from './audit/list.ts'
import { bucketList } from './buckets/list.ts'
import { accounts, memberships, user, verifyToken } from './cloudflare/account.ts'
import { graphql } from './cloudflare/graphql.ts'
import { queues } from './cloudflare/queues.ts'
import { explain } from './explain.ts'
import type { Handlers } from './handler.ts'
import { healthz, readyz } from './health.ts'
import { policySchema } from './policy-schema.ts'
import { whoami } from './whoami.ts'

/** What the gateway does itself: it makes a change, describes the dialects, or hands out a file. */
export type OfTheGateway = 'warden.audit.revert' | 'warden.openapi' | 'warden.docs' | 'warden.docs.file'

/** Who does what is more, or less, than one call upstream: every operation that is declared as handled. */
export const handlers: Handlers<Exclude<keyof Handlers, OfTheGateway>> = {
  'buckets.list': bucketList,
  'warden.whoami': whoami,
  'warden.explain': explain,
  'warden.audit.list': listAudit,
  'warden.audit.get': getAudit,
  'warden.healthz': healthz,
  'warden.readyz': readyz,
  'warden.policySchema': policySchema,
  'user.tokens.verify': verifyToken,
  'user.get': user,
  'accounts.list': accounts,
  'memberships.list': memberships,
  'queues.list': queues,
  'graphql.storage': graphql,
}
