import { openApiDocument } from '../dialects/v1/openapi.ts'
import { entityTagOfAnswer } from '../encoding/etag.ts'
import { denial } from '../enforcement/denial.ts'
import type { AnyHandler } from '../handlers/handler.ts'
import { handlers, type OfTheGateway } from '../handlers/index.ts'
import type { Principal } from '../identity/principal.ts'
import { isNotModified } from '../lanes/preconditions.ts'
import { log } from '../log.ts'
import { decide, decideAccess, type Facts } from '../policy/decide.ts'
import { factsOf, hasEntityTag, type Operation } from '../routes/operation.ts'
import { upstreamCall } from '../upstream/call.ts'
import { jurisdictionHeader } from '../upstream/client.ts'
import { makeChange } from './changes.ts'
import type { Deps, OperationRequest, Outcome, Performer } from './request.ts'
import { revert } from './revert.ts'

/**
 * Performs an operation: policy is asked, then it is done (by one call upstream, by its handler, or by the lane of what
 * it changes), and recorded where it changes anything. There is no other way to do one: both dialects, an undoing, and
 * whoever asks without a request of HTTP come here. Throws an ApiError for whatever kept it from happening.
 */
export async function perform(
  operation: Operation,
  request: OperationRequest,
  principal: Principal,
  deps: Deps,
): Promise<Outcome> {
  return performerOf(operation)(request, principal, deps)
}

const performers = new WeakMap<Operation, Performer>()

/** How one operation is performed, prepared once. */
export function performerOf(operation: Operation): Performer {
  const known = performers.get(operation)
  if (known) return known
  const made = prepare(operation)
  performers.set(operation, made)
  return made
}

function prepare(operation: Operation): Performer {
  if (operation.changes) return (request, principal, deps) => makeChange(operation, request, principal, deps)
  const own = ownPerformers.get(operation.name)
  if (own) return admitting(operation, own)
  if (!operation.handled) return admitting(operation, reading(operation))
  const handler = handlerNamed.get(operation.name)
  if (!handler) throw new TypeError(`nobody handles ${operation.name}`)
  return admitting(operation, async function handle(request, principal, deps) {
    return { kind: 'done', answer: await handler(request, principal, deps), meta: NO_META }
  })
}

const NO_META = {}

/** By name, with the types of their inputs left to what is declared of each. */
const handlerNamed = new Map(Object.entries(handlers)) as ReadonlyMap<string, AnyHandler>

/** Made when it is first asked for, not while the Worker starts. */
let document: ReturnType<typeof openApiDocument> | null = null

const own: { readonly [Name in OfTheGateway]: Performer } = {
  'warden.audit.revert': revert,
  'warden.openapi': () => {
    document ??= openApiDocument()
    return { kind: 'done', answer: { result: document }, meta: NO_META }
  },
  'warden.docs': () => ({ kind: 'file', path: '/docs/' }),
  'warden.docs.file': ({ params }) => ({ kind: 'file', path: `/docs/${params.file}` }),
}
const ownPerformers: ReadonlyMap<string, Performer> = new Map(Object.entries(own))

/** Asks policy first, as the operation declares it. What is denied goes no further, and leaves a line in the log. */
function admitting(operation: Operation, perform: Performer): Performer {
  const { access = 'granted', decidedAs } = operation
  if (access === 'public') return perform
  if (access === 'own') return logging(operation, perform)
  return function admit(request, principal, deps) {
    const facts = decidedAs ? firstAllowed(decidedAs(request), principal) : factsOf(operation, request)
    if (!decidedAs && access === 'granted') demand(facts, principal)
    logRead(operation, facts, principal, deps)
    return perform(request, principal, deps)
  }
}

/** What is one's own shows only while it is done, and is denied there if it isn't: until then there is nothing to say. */
function logging(operation: Operation, perform: Performer): Performer {
  return async function performOwn(request, principal, deps) {
    const outcome = await perform(request, principal, deps)
    logRead(operation, factsOf(operation, request), principal, deps)
    return outcome
  }
}

function demand(facts: Facts, principal: Principal): void {
  const decision = decide(principal.policy, facts)
  if (!decision.allowed) throw denial(principal, facts, decision)
}

/** Who may do one of these, as far as that shows without a value. Where nothing is allowed, the first says why not. */
function firstAllowed(asked: readonly Facts[], principal: Principal): Facts {
  const { policy } = principal
  const allowed = asked.find((facts) => decideAccess(policy, facts).allowed)
  if (allowed) return allowed
  const [first] = asked
  if (!first) throw new TypeError('policy is asked nothing')
  demand(first, principal)
  return first
}

/** Changes are in the audit trail; all else is in the log only. */
function logRead(
  { name: operation }: Operation,
  { jurisdiction, bucket }: Facts,
  { team, keyId }: Principal,
  { requestId }: Deps,
): void {
  log('info', 'read', { requestId, team, keyId, operation, jurisdiction, bucket })
}

/** One call upstream, and its answer as it came. */
function reading(operation: Operation): Performer {
  const isTagged = hasEntityTag(operation)
  const callOf = upstreamCall(operation)
  return async function read({ params, jurisdiction, headers, conditions }, _principal, { upstream }) {
    const { envelope } = await upstream.call(
      callOf({ params, headers: headers ?? jurisdictionHeader(jurisdiction) }),
    )
    const entityTag = isTagged ? entityTagOfAnswer(envelope) : null
    if (entityTag !== null && isNotModified(conditions?.ifNoneMatch ?? null, entityTag))
      return { kind: 'not-modified', entityTag }
    return { kind: 'done', answer: envelope, meta: { entityTag } }
  }
}
