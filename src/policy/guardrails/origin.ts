import { coversHost, type HostPattern, parseHost, parseHostPattern } from './host.ts'

/** An origin (RFC 6454), or the origins of one scheme and port that one `*` in the host stands for. */
export interface OriginPattern {
  readonly scheme: string
  readonly host: HostPattern | LabelPattern
  /** Empty for the scheme's usual port. */
  readonly port: string
}

/**
 * A host with a `*` inside a label, such as `preview-*.pages.dev`: it stands for any run within that label. A `*` that
 * is all of the first label is the other kind, and reaches every depth.
 */
interface LabelPattern {
  readonly labels: readonly string[]
  /** Which of the labels has it. */
  readonly star: number
}

const FORM = /^([a-z][a-z0-9+.-]*):\/\/(\[[0-9a-f:.]+\]|[^\s/?#\\@:[\]%]+)(?::([0-9]{1,5}))?$/i
const USUAL_PORTS: ReadonlyMap<string, string> = new Map([
  ['http', '80'],
  ['https', '443'],
])

/** Reads `scheme://host[:port]`, with one `*` in the host at most; `null` for anything else, a path included. */
export function parseOriginPattern(text: string): OriginPattern | null {
  const [, scheme, hostText = '', port] = FORM.exec(text) ?? []
  const host = parseHostPattern(hostText) ?? parseLabelPattern(hostText)
  if (scheme === undefined || host === null || Number(port ?? 1) > 65_535) return null
  const lower = scheme.toLowerCase()
  const number = port === undefined ? '' : String(Number(port))
  return { scheme: lower, host, port: number === USUAL_PORTS.get(lower) ? '' : number }
}

/** ASCII only: a label of another script has no parts once it is Punycode. No top-level domain is one's own. */
function parseLabelPattern(text: string): LabelPattern | null {
  const labels = text.toLowerCase().split('.')
  const isOne = text.split('*').length === 2 && labels[0] !== '*' && !labels.at(-1)?.includes('*')
  if (!isOne || !/^[\x21-\x7e]+$/.test(text) || parseHost(text.replace('*', 'x')) === null) return null
  return { labels, star: labels.findIndex((label) => label.includes('*')) }
}

/** Whether every origin that `inner` stands for is one that `outer` stands for. */
export function coversOrigin(outer: OriginPattern, inner: OriginPattern): boolean {
  return outer.scheme === inner.scheme && outer.port === inner.port && covers(outer.host, inner.host)
}

function covers(outer: OriginPattern['host'], inner: OriginPattern['host']): boolean {
  if ('star' in outer) {
    const labels = labelsOf(inner)
    return (
      labels.length === outer.labels.length &&
      outer.labels.every((label, index) => coversLabel(label, labels[index] ?? '', index === outer.star))
    )
  }
  if (!('star' in inner)) return coversHost(outer, inner)
  return outer.isBelow && inner.labels.join('.').endsWith(`.${outer.host}`)
}

/** Of all hosts below one, the first label is a `*` that no label pattern covers. */
function labelsOf(host: OriginPattern['host']): readonly string[] {
  if ('star' in host) return host.labels
  return host.isBelow ? [] : host.host.split('.')
}

/** What is asked for may have its own `*`, which only the `*` of the pattern can take. */
function coversLabel(outer: string, inner: string, isStar: boolean): boolean {
  if (!isStar) return inner === outer
  const [first = '', last = ''] = outer.split('*')
  return (
    inner !== '' &&
    inner.length >= first.length + last.length &&
    inner.startsWith(first) &&
    inner.endsWith(last)
  )
}
