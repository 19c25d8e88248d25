import type { PathParameter } from '../routes/fields.ts'
import type { Operation } from '../routes/operation.ts'
import type { UpstreamCall, UpstreamHeaders } from './client.ts'

interface CallInput {
  readonly params: Readonly<Partial<Record<PathParameter, string>>>
  readonly headers: UpstreamHeaders
  readonly body?: unknown
}

/** Where an operation is upstream, below `/accounts/{account_id}`. */
export const upstreamPathOf = ({ path, upstreamPath }: Pick<Operation, 'path' | 'upstreamPath'>) =>
  upstreamPath ?? `/r2${path}`

/** Builds the call of an operation: its own path with parsed names in it, never the caller's. */
export function upstreamCall(operation: Operation): (asked: CallInput) => UpstreamCall {
  const template = upstreamPathOf(operation).split('/').slice(1)
  const method = operation.method.toUpperCase() as UpstreamCall['method']
  return ({ params, headers, body }) => {
    const secrets = body === undefined ? undefined : operation.changes?.secrets?.(body)
    return {
      method,
      path: template.map((part) =>
        part.startsWith(':') ? (params[part.slice(1) as PathParameter] ?? '') : part,
      ),
      ...(operation.inHeaders
        ? { headers: { ...headers, ...namedIn(operation.inHeaders, body) } }
        : { headers, ...(body !== undefined && { body }) }),
      ...(secrets && { secrets }),
    }
  }
}

/** The fields of a parsed body under the names of the headers that stand for them. */
function namedIn(inHeaders: NonNullable<Operation['inHeaders']>, body: unknown): UpstreamHeaders {
  const fields = Object.entries(body as Record<string, string>)
  return Object.fromEntries(
    fields.flatMap(([field, value]) => (inHeaders[field] ? [[inHeaders[field], value]] : [])),
  )
}
