import { env } from 'cloudflare:workers'
import { expect } from 'vitest'

/** Holds the whole suite to one promise: no secret is ever shown, whatever a test asks. */

const CONSOLE_METHODS = ['debug', 'log', 'info', 'warn', 'error'] as const

const secrets = new Set<string>()
const lines: string[] = []
const answers: Promise<string>[] = []

/** Never to be seen from now on, in an answer or in a line of the log. */
export function keepSecret(secret: string): void {
  secrets.add(secret)
}

/** Lines that were written to the console in this test. */
export const consoleLines = (): readonly string[] => lines

/** Begins with nothing seen: the files of one runtime come one after the other, each to a store that is empty. */
export function beginLeakWatch(): void {
  watchConsole()
  secrets.clear()
  secrets.add(env.CLOUDFLARE_API_TOKEN)
  lines.length = 0
  answers.length = 0
  lastNumber = 0
  isPending = false
}

let watched: Console | null = null

function watchConsole(): void {
  if (watched === console) return
  watched = console
  for (const method of CONSOLE_METHODS) {
    const write = console[method].bind(console)
    console[method] = (...parts: unknown[]) => {
      lines.push(parts.map((part) => (part instanceof Error ? String(part.stack) : String(part))).join(' '))
      write(...parts)
    }
  }
}

/** Remembers all that a caller gets: status, headers and body. On v4 the caller has said the account's id itself. */
export function watch(response: Response, path = ''): Response {
  const head = [response.status, ...response.headers].join('\n')
  const known = path.startsWith('/client/v4/') ? env.CLOUDFLARE_ACCOUNT_ID : null
  answers.push(
    response
      .clone()
      .text()
      .then((body) => `${head}\n\n${known === null ? body : body.replaceAll(known, '')}`),
  )
  return response
}

/** Up to here the audit trail has been looked at. */
let lastNumber = 0
let isPending = false

/** Whether the last look found a change that is still pending. */
export const sawPending = (): boolean => isPending

/** All that was recorded since the last look; what is still pending will be looked at again. */
async function recordedSince(): Promise<string[]> {
  const query = 'SELECT audit.*, part, value FROM audit LEFT JOIN audit_values USING (id) WHERE number > ?1'
  const [trail, kept] = await env.DB.batch<Record<string, unknown>>([
    env.DB.prepare(`${query} ORDER BY number`).bind(lastNumber),
    env.DB.prepare('SELECT answer FROM idempotency_keys'),
  ])
  const rows = trail?.results ?? []
  const open = rows.find(({ outcome }) => outcome === 'pending')
  isPending = open !== undefined
  lastNumber = Math.max(lastNumber, open ? Number(open.number) - 1 : Number(rows.at(-1)?.number ?? 0))
  return [...rows, ...(kept?.results ?? [])].map((row) => JSON.stringify(row))
}

/** Fails the test that has just run if a secret was shown, logged or recorded in it. */
export async function expectNoLeak(): Promise<void> {
  const [shown, written] = [await Promise.all(answers.splice(0)), lines.splice(0)]
  const recorded = await recordedSince()
  const leaking = (texts: readonly string[]) =>
    texts.filter((text) => [...secrets].some((secret) => text.includes(secret)))
  const naming = shown.filter((answer) => answer.includes(env.CLOUDFLARE_ACCOUNT_ID))
  expect({
    shown: leaking(shown),
    written: leaking(written),
    recorded: leaking(recorded),
    withAccountId: naming,
  }).toEqual({ shown: [], written: [], recorded: [], withAccountId: [] })
}
