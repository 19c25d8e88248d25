import type { Received } from '../node/stack.ts'

/** What of a request is the client's: not the token, nor who carried it. */
export function essence({ method, path, query, body, headers }: Received) {
  const own = Object.entries(headers).filter(([name]) => name.startsWith('cf-r2-'))
  return { method, path, query, body: readable(body), headers: Object.fromEntries(own) }
}

/** The metrics query is the warden's own text, so only what it asks for can be the same. */
function readable(body: string): unknown {
  if (body === '') return ''
  const { query: _text, ...rest }: { query?: string } = JSON.parse(body)
  return rest
}

const INSTANT = /\d{4}-\d\d-\d\dT[\d:.]+Z/g
const RULE_ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g
const PUBLIC_ID = /\b(?:pub-)?[0-9a-f]{32}\b/g

/** Takes out what two runs of one script can't share: their names, the time, and ids that are made up. */
export function alike<T>(value: T, names: Readonly<Record<string, string>>): T {
  let text = JSON.stringify(value)
  for (const [name, common] of Object.entries(names)) text = text.replaceAll(name, common)
  return JSON.parse(text.replace(INSTANT, 'TIME').replace(RULE_ID, 'RULE').replace(PUBLIC_ID, 'ID'))
}
