import { operations } from '../src/routes/index.ts'
import type { Change } from './changes.ts'
import { ACCOUNT_ID } from './workers.ts'

export type DialectName = 'v1' | 'v4'

/** A change as it goes over the wire, in either dialect. */
export function requestOf(change: Change, dialect: DialectName): { path: string; init: RequestInit } {
  const operation = operations.find(({ name }) => name === change.operation)
  if (!operation) throw new TypeError(`no operation is called ${change.operation}`)
  const { jurisdiction, body } = change
  const method = operation.method.toUpperCase()
  const isEverywhere = jurisdiction === 'default'
  if (dialect === 'v1') {
    const path = `/v1${filled(operation.path, change)}${isEverywhere ? '' : `?jurisdiction=${jurisdiction}`}`
    return { path, init: { method, ...jsonOf(body) } }
  }
  const { body: sent = null, headers } = operation.inHeaders
    ? { headers: namedIn(operation.inHeaders, body) }
    : jsonOf(body)
  return {
    path: `/client/v4/accounts/${ACCOUNT_ID}${filled(operation.upstreamPath ?? `/r2${operation.path}`, change)}`,
    init: {
      method,
      headers: { ...headers, ...(!isEverywhere && { 'cf-r2-jurisdiction': jurisdiction }) },
      body: sent,
    },
  }
}

function filled(template: string, { bucket, domain = '', queueId = '' }: Change): string {
  const names: Readonly<Record<string, string>> = { bucket, domain, queueId }
  return template.replaceAll(/:(\w+)/g, (_, name: string) => names[name] ?? '')
}

function jsonOf(body: unknown) {
  return body === undefined
    ? {}
    : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

function namedIn(inHeaders: Readonly<Record<string, string>>, body: unknown): Record<string, string> {
  const fields = Object.entries(inHeaders)
  return Object.fromEntries(fields.map(([field, header]) => [header, String(Object(body)[field])]))
}
