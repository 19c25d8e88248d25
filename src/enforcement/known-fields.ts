import { pointersOfUnknown } from '../encoding/issues.ts'
import { invalidRequest } from '../errors.ts'
import type { Policy } from '../policy/compile.ts'
import { factsOf, type Input, type Operation } from '../routes/operation.ts'

/**
 * Refuses fields that a guardrail can't judge because nobody here knows them: Cloudflare might read one. Without an
 * enforced guardrail on the operation they pass. On v1 a body has none.
 */
export function demandKnownFields(operation: Operation, policy: Policy, input: Input): void {
  const { body, jurisdiction, params } = input
  if (body === undefined || operation.body === undefined) return
  const { bucket } = factsOf(operation, input)
  const guardrail = policy
    .rulesFor(operation.name)
    .guardrails.find(({ mode, holds }) => mode === 'enforce' && holds(jurisdiction, bucket))
  if (!guardrail) return
  const unknown = pointersOfUnknown(operation.body, body).filter(
    (pointer) => !isRepeated(pointer, body, params),
  )
  if (unknown.length === 0) return
  const only = `the guardrail ${guardrail.name} lets only known fields pass`
  // Where a body has credentials, one may stand in the name of a field: then it is said where, and not what.
  if (operation.changes?.secrets)
    throw refusal(unknown.map(parentOf), `has a field that is not known, and ${only}`)
  throw refusal(unknown, `is not known, and ${only}`)
}

const parentOf = (pointer: string) => pointer.slice(0, pointer.lastIndexOf('/'))

const refusal = (pointers: readonly string[], message: string) =>
  invalidRequest([...new Set(pointers)].map((pointer) => ({ in: 'body', pointer, message })))

/** A name of the path's that the body repeats, as wrangler repeats the domain, says nothing new. */
function isRepeated(pointer: string, body: unknown, params: Input['params']): boolean {
  const name = pointer.slice(1)
  const given: unknown = Object(body)[name]
  return Object.entries(params).some(
    ([known, value]) => known === name && typeof given === 'string' && given.toLowerCase() === value,
  )
}
