/**
 * Hosts as people mean them: compared label by label after the URL parser has lower-cased, punycoded
 * and normalised them (WHATWG URL, "host parsing"), never as raw strings.
 */

/** A host, or all hosts below one: `*.media.example.com` is every name that ends in `.media.example.com`. */
export interface HostPattern {
  readonly host: string
  readonly isBelow: boolean
}

/** Labels of letters, digits, hyphens and underscores, none of them empty: what a host looks like once it is normalised. */
const LABELS = /^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/

/** Reads a host; `null` for what isn't one, such as `a b`, `a/b`, `a..b` or nothing. */
export function parseHost(text: string): string | null {
  const isAddress = /^\[[0-9a-f:.]+\]$/i.test(text)
  if (!isAddress && !/^[^\s/?#\\@:[\]%]+$/.test(text)) return null
  const host = URL.parse(`https://${text}/`)?.hostname ?? ''
  return isAddress || LABELS.test(host) ? host || null : null
}

/** Reads a host or `*.` and a host; a `*` anywhere else isn't a pattern. */
export function parseHostPattern(text: string): HostPattern | null {
  const isBelow = text.startsWith('*.')
  const rest = isBelow ? text.slice(2) : text
  if (rest.includes('*')) return null
  const host = parseHost(rest)
  if (host === null || (isBelow && isAddress(host))) return null
  return { host, isBelow }
}

/** Whether every host that `inner` stands for is one that `outer` stands for. */
export function coversHost(outer: HostPattern, inner: HostPattern): boolean {
  if (!outer.isBelow) return !inner.isBelow && inner.host === outer.host
  if (isAddress(inner.host)) return false
  return inner.host.endsWith(`.${outer.host}`) || (inner.isBelow && inner.host === outer.host)
}

function isAddress(host: string): boolean {
  return host.startsWith('[') || /^[0-9.]+$/.test(host)
}
