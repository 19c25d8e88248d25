import { coversHost, type HostPattern, parseHostPattern } from './host.ts'

/** An origin (RFC 6454), or all of one scheme and port below a host. */
export interface OriginPattern {
  readonly scheme: string
  readonly host: HostPattern
  /** Empty for the scheme's usual port. */
  readonly port: string
}

const FORM = /^([a-z][a-z0-9+.-]*):\/\/(\[[0-9a-f:.]+\]|[^\s/?#\\@:[\]%]+)(?::([0-9]{1,5}))?$/i
const USUAL_PORTS: ReadonlyMap<string, string> = new Map([
  ['http', '80'],
  ['https', '443'],
])

/** Reads `scheme://host[:port]`, the host as a host pattern; `null` for anything else, a path included. */
export function parseOriginPattern(text: string): OriginPattern | null {
  const [, scheme, hostText, port] = FORM.exec(text) ?? []
  const host = parseHostPattern(hostText ?? '')
  if (scheme === undefined || host === null || Number(port ?? 1) > 65_535) return null
  const lower = scheme.toLowerCase()
  const number = port === undefined ? '' : String(Number(port))
  return { scheme: lower, host, port: number === USUAL_PORTS.get(lower) ? '' : number }
}

/** Whether every origin that `inner` stands for is one that `outer` stands for. */
export function coversOrigin(outer: OriginPattern, inner: OriginPattern): boolean {
  return outer.scheme === inner.scheme && outer.port === inner.port && coversHost(outer.host, inner.host)
}
