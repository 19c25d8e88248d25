import type { AppContext } from '../dialects/context.ts'

/** A page may load what this Worker serves, and nothing else; it may call this Worker's API. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Answers with a file of the Worker's own. */
export async function serveFile(context: AppContext, path: string): Promise<Response> {
  const found = await context.env.ASSETS.fetch(new URL(path, 'https://assets.invalid'))
  if (!found.ok) return context.notFound()
  const headers = new Headers(found.headers)
  headers.set('content-security-policy', PAGE_POLICY)
  headers.set('x-content-type-options', 'nosniff')
  headers.set('referrer-policy', 'no-referrer')
  headers.set('x-request-id', context.get('requestId'))
  return new Response(found.body, { status: found.status, headers })
}
