import { canonicalJson } from '../encoding/canonical-json.ts'
import { entityTagOf } from '../encoding/etag.ts'
import { ApiError, invalidRequest } from '../errors.ts'
import { hostname, type PathParameter } from '../routes/fields.ts'
import { operations } from '../routes/index.ts'
import type { Operation } from '../routes/operation.ts'
import { upstreamCall } from '../upstream/call.ts'
import { jurisdictionHeader, type Upstream } from '../upstream/client.ts'

/** The configuration that a change is about, at one moment. */
export interface Configuration {
  /** Canonical JSON of what was configured; `null` for nothing at all. */
  readonly text: string
  /** Of all that Cloudflare answered, as a GET has it; `null` where there is nothing. */
  readonly entityTag: string | null
  readonly result: unknown
}

const NOTHING: Configuration = { text: 'null', entityTag: null, result: null }

/** What of a change says what it is about. */
export interface Target {
  readonly params: Readonly<Partial<Record<PathParameter, string>>>
  readonly jurisdiction: string
  readonly body?: unknown
}

const readers = new Map(operations.map((one) => [one.name, { ...one, callOf: upstreamCall(one) }] as const))

/** Reads what a change is about. Throws what the reading met, but for "not there". */
export async function readConfiguration(
  operation: Operation,
  target: Target,
  bucket: string,
  upstream: Upstream,
): Promise<Configuration> {
  const reader = readers.get(operation.changes?.reads ?? '')
  if (!reader) throw new TypeError('the operation says of nothing that it reads it')
  const domain = domainOf(operation, target)
  const params = { ...target.params, bucket, ...(domain !== undefined && { domain }) }
  try {
    const call = reader.callOf({ params, headers: jurisdictionHeader(target.jurisdiction) })
    const { result } = await upstream.call(call)
    const configuration = reader.configuration ? reader.configuration(result) : result
    return { text: canonicalJson(configuration), entityTag: entityTagOf(result), result }
  } catch (error) {
    if (error instanceof ApiError && error.reached?.status === 404 && !error.reached.isUncertain)
      return NOTHING
    throw error
  }
}

/** Reads it once more after a change that succeeded; what was removed whole need not be looked for. */
export function readAfterwards(
  operation: Operation,
  target: Target,
  bucket: string,
  upstream: Upstream,
): Promise<Configuration> {
  if (operation.method === 'delete' && target.body === undefined) return Promise.resolve(NOTHING)
  return readConfiguration(operation, target, bucket, upstream)
}

/** The domain that a change is on, from the path or the body. */
export function domainOf(
  { changes }: Pick<Operation, 'changes'>,
  { params, body }: Target,
): string | undefined {
  if (params.domain !== undefined || !changes?.domain) return params.domain
  return parseDomain(changes.domain(body))
}

/** On v4 a body has whatever its sender gave it. */
function parseDomain(domain: unknown): string {
  const parsed = hostname.safeParse(typeof domain === 'string' ? domain.toLowerCase() : domain)
  if (parsed.success) return parsed.data
  throw invalidRequest([{ in: 'body', pointer: '/domain', message: 'expected a host name' }])
}
