import { bucketCreation } from './bucket-creation.ts'
import { cors } from './cors.ts'
import { customDomains } from './custom-domains.ts'
import { eventNotifications } from './event-notifications.ts'
import type { AnyKind } from './guardrail.ts'
import { lifecycle } from './lifecycle.ts'
import { locks } from './locks.ts'
import { managedDomain } from './managed-domain.ts'
import { sippy } from './sippy.ts'

/** Every kind of guardrail, by the key that stands for it in a policy document. */
export const KINDS = {
  bucketCreation,
  lifecycle,
  cors,
  customDomains,
  managedDomain,
  eventNotifications,
  locks,
  sippy,
} as const satisfies Record<string, AnyKind>

export type KindName = keyof typeof KINDS
export const KIND_NAMES = Object.keys(KINDS) as KindName[]

/** What guardrails compare with where nothing is there yet. */
export const NOTHING_THERE: Readonly<Record<string, unknown>> = Object.assign(
  {},
  ...KIND_NAMES.map((kind) => KINDS[kind].absent),
)
