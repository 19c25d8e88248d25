import { canonicalJson } from '../encoding/canonical-json.ts'
import { authorize } from '../enforcement/authorize.ts'
import { demandKnownFields } from '../enforcement/known-fields.ts'
import type { Env } from '../env.ts'
import { ApiError } from '../errors.ts'
import { isInForce, unauthenticated } from '../identity/key-cache.ts'
import type { Policy } from '../policy/compile.ts'
import type { BucketRef } from '../policy/names.ts'
import { readStoredPolicy } from '../policy/stored.ts'
import { operationNamed } from '../routes/index.ts'
import { factsOf } from '../routes/operation.ts'
import { type Settings, settingsOf } from '../settings.ts'
import { findKey } from '../store/keys.ts'
import { createUpstream, type Upstream, type UpstreamResponse } from '../upstream/client.ts'
import { askStore } from './ask-store.ts'
import { readConfiguration } from './configuration.ts'
import { type DecidedChange, recordable } from './journal-entry.ts'
import { holds } from './preconditions.ts'
import type { ChangeRequest } from './protocol.ts'

/** A change whose turn it is: what it is, and what policy says of it now. The same for every step of it. */
export interface PreparedChange extends DecidedChange {
  readonly request: ChangeRequest
  readonly settings: Settings
  readonly policy: Policy
  readonly upstream: Upstream
}

export async function prepare(
  request: ChangeRequest,
  { env }: { readonly env: Env },
): Promise<PreparedChange> {
  const settings = settingsOf(env)
  const operation = operationNamed(request.operation)
  if (!operation?.changes) throw new TypeError(`${request.operation} changes nothing`)
  const { policy, policyVersion } = await policyOf(env, request)
  const input = { ...request, query: {}, body: request.body }
  const facts = factsOf(operation, input)
  const upstream = remembering(createUpstream(settings))
  const decision = await authorize(policy, facts, upstream)
  if (decision.allowed) demandKnownFields(operation, policy, input)
  return { request, operation, settings, facts, policy, policyVersion, decision, upstream }
}

/** The policy in force now that it is this change's turn, and only for a key that still is. */
async function policyOf(env: Env, { principal }: ChangeRequest) {
  const row = await askStore(findKey(env.DB, principal.keyId))
  if (row && isInForce(row, Date.now()))
    return { policy: readStoredPolicy(row), policyVersion: row.policyVersion }
  throw unauthenticated()
}

/** What guardrails compare with and what is recorded are often one and the same: it is read once. */
function remembering(upstream: Upstream): Upstream {
  const known = new Map<string, Promise<UpstreamResponse>>()
  return {
    ...upstream,
    call(call) {
      if (call.method !== 'GET') {
        known.clear()
        return upstream.call(call)
      }
      const key = canonicalJson([call.path, call.headers])
      const found = known.get(key) ?? upstream.call(call)
      known.set(key, found)
      return found
    },
  }
}

export const bucketOf = ({ request, facts }: PreparedChange): BucketRef => ({
  jurisdiction: request.jurisdiction,
  name: facts.bucket ?? '',
})

/** Reads what is there, as canonical JSON, and holds it to what the request demands of it. */
export async function readBefore(change: PreparedChange): Promise<string> {
  const { request, operation, upstream } = change
  const { preconditions, reverts } = request
  const { text, entityTag } = await readConfiguration(operation, request, bucketOf(change).name, upstream)
  const isExpected = (reverts?.expected ?? text) === text
  if (!isExpected || (preconditions !== null && !holds(preconditions, entityTag)))
    throw new ApiError(
      'precondition_failed',
      'The configuration has been changed since. Read it again, then decide.',
    )
  recordable({ before: text })
  return text
}
