import { type Guardrail, kindsOf } from '../../policy/document.ts'
import { KIND_NAMES, KINDS, type KindName } from '../../policy/guardrails/index.ts'
import type { Sample } from '../../policy/guardrails/samples.ts'
import { pathParameters } from '../../routes/fields.ts'
import { operationNamed } from '../../routes/index.ts'

/**
 * Values to try an operation with: the example of its own declaration and, where guardrails judge it,
 * values on both sides of what they allow. Some may be values that the operation itself refuses.
 */
export function samplesOf(name: string, guardrails: readonly Guardrail[]): Sample[] {
  const operation = operationNamed(name)
  if (!operation) return [{}]
  const special = KIND_NAMES.filter((kind) => KINDS[kind].operations.includes(name)).map((kind) => {
    const options = optionsOf(kind, guardrails)
    return options.length === 0 ? [] : KINDS[kind].samples(name, options)
  })
  const [body] = operation.body?.meta()?.examples ?? []
  const usual: Sample = {
    ...(body !== undefined && { body }),
    ...(operation.path.includes('/:domain') && { domain: exampleOf('domain') }),
    ...(operation.path.includes('/:queueId') && { queueId: exampleOf('queueId') }),
    current: Object.fromEntries(special.flatMap(([first]) => Object.entries(first?.current ?? {}))),
  }
  return [usual, ...special.flat().map((one) => ({ ...usual, ...one }))]
}

/** The options of all guardrails of a kind. */
function optionsOf(kind: KindName, guardrails: readonly Guardrail[]): unknown[] {
  return guardrails.filter((one) => kindsOf(one)[0] === kind).map((one) => one[kind])
}

const exampleOf = (name: keyof typeof pathParameters) =>
  String(pathParameters[name].meta()?.examples?.[0] ?? '')
