import * as z from 'zod'
import { issuesOf } from '../encoding/issues.ts'
import type { Facts } from '../policy/decide.ts'
import type { Jurisdiction } from '../policy/names.ts'
import { bucketName, pathParameters } from '../routes/fields.ts'
import { operationNamed } from '../routes/index.ts'
import { factsOf, type Operation } from '../routes/operation.ts'

/** A request that is only imagined. */
export interface Question {
  readonly operation: string
  readonly jurisdiction: Jurisdiction
  /** Of a listing: the one bucket that is asked about. */
  readonly bucket?: string
  readonly domain?: string
  readonly queueId?: string
  readonly body?: unknown
  /** On v4 a body may have other fields and forms than on v1. */
  readonly dialect?: 'v1' | 'v4'
  /** Unix time, ms. Without it nothing counts as expired. */
  readonly now?: number
}

/** What is wrong with a request, with a JSON pointer into it. */
export interface Fault {
  readonly pointer: string
  readonly message: string
}

export type SimulatedFacts =
  | { readonly facts: Facts; readonly faults: null }
  | { readonly facts: null; readonly faults: readonly Fault[] }

/** The facts that the warden would make of a request: its body read by the operation's own schema. */
export function simulate(question: Question): SimulatedFacts {
  const operation = operationNamed(question.operation)
  const faults = operation ? faultsOf(operation, question) : faultsOfOwn(question)
  if (faults.length > 0) return { facts: null, faults }
  const { operation: name, jurisdiction, bucket, domain, queueId, body: given, now } = question
  if (!operation) return { facts: { operation: name, jurisdiction, bucket: null }, faults: null }

  const schema = question.dialect === 'v4' ? asOnV4(operation) : operation.body
  const parsed = schema && given !== undefined ? schema.safeParse(given) : null
  if (parsed && !parsed.success) {
    const issues = issuesOf('body', parsed.error.issues)
    return {
      facts: null,
      faults: issues.map(({ pointer, message }) => ({ pointer: `/body${pointer}`, message })),
    }
  }
  const params = {
    ...(bucket && { bucket }),
    ...(domain && { domain: domain.toLowerCase() }),
    ...(queueId && { queueId }),
  }
  const { now: _, ...facts } = factsOf(operation, { params, jurisdiction, query: {}, body: parsed?.data })
  return agreeing(question, operation, now === undefined ? facts : { ...facts, now })
}

/** Whoever is meant must be certain; the rest is for guardrails, and Cloudflare, to judge. */
function asOnV4({ body, bucket }: Operation): z.ZodType | undefined {
  if (!body) return undefined
  return bucket ? z.looseObject({ name: bucketName }) : z.looseObject({})
}

/** A bucket that the body names must be the one that is asked for. */
function agreeing(
  { bucket }: Question,
  { name, target, bucket: inBody }: Operation,
  facts: Facts,
): SimulatedFacts {
  const fault = (message: string) => ({ facts: null, faults: [{ pointer: '/bucket', message }] })
  if (bucket !== undefined && target === 'listing')
    return { facts: { ...facts, listing: false }, faults: null }
  if (bucket !== undefined && facts.bucket !== bucket) return fault('differs from the name in the body')
  if (inBody && facts.bucket === null) return fault(`${name} needs it, here or in the body`)
  return { facts, faults: null }
}

function faultsOf({ name, path, target, body, bucket: inBody }: Operation, question: Question): Fault[] {
  const faults = (['bucket', 'domain', 'queueId'] as const).flatMap((parameter): Fault[] => {
    const isNeeded = path.includes(`/:${parameter}`)
    const given = question[parameter]
    const fault = (message: string) => [{ pointer: `/${parameter}`, message }]
    if (given === undefined) return isNeeded ? fault(`${name} needs it`) : []
    if (!isNeeded && !(parameter === 'bucket' && (inBody || target === 'listing')))
      return fault(`${name} has none`)
    const parsed = pathParameters[parameter].safeParse(given)
    return parsed.success ? [] : fault(`expected ${parsed.error.issues[0]?.message}`)
  })
  if (target === 'account' && question.jurisdiction !== 'default') faults.push(noJurisdiction(name))
  if (!body && question.body !== undefined) faults.push({ pointer: '/body', message: `${name} has none` })
  return faults
}

/** The warden's own operations are on the whole account and take nothing that policy looks at. */
function faultsOfOwn(question: Question): Fault[] {
  const faults = (['bucket', 'domain', 'queueId', 'body'] as const)
    .filter((name) => question[name] !== undefined)
    .map((name) => ({ pointer: `/${name}`, message: `${question.operation} has none` }))
  return question.jurisdiction === 'default' ? faults : [...faults, noJurisdiction(question.operation)]
}

const noJurisdiction = (operation: string): Fault => ({
  pointer: '/jurisdiction',
  message: `${operation} has none`,
})
