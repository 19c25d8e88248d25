import { openApiDocument } from '../dialects/v1/openapi.ts'
import { json } from '../dialects/v1/v1.ts'
import { policyJsonSchema } from '../policy/document.ts'
import type { App, AppContext } from './context.ts'
import { methodNotAllowed } from './mount.ts'

/** Made when it is first asked for, not while the Worker starts. */
let document: ReturnType<typeof openApiDocument> | null = null

/** The page may load what this Worker serves, and nothing else; it may call this Worker's API. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** The API's own documents: the OpenAPI document, and pages that render it from files of this Worker's. */
export function mountDocumentation(app: App): void {
  for (const path of ['/v1/openapi.json', '/v1/policy.schema.json', '/docs', '/docs/:file'])
    app.on(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], path, methodNotAllowed(['GET']))
  app.get('/v1/openapi.json', function openApi(context) {
    document ??= openApiDocument()
    return json(context.get('requestId'), 200, document)
  })
  app.get('/v1/policy.schema.json', function policySchema(context) {
    return json(context.get('requestId'), 200, policyJsonSchema())
  })
  app.get('/docs', asset)
  app.get('/docs/:file', asset)
}

async function asset(context: AppContext): Promise<Response> {
  const path = context.req.path === '/docs' ? '/docs/' : context.req.path
  const found = await context.env.ASSETS.fetch(new URL(path, 'https://assets.invalid'))
  if (!found.ok) return context.notFound()
  const headers = new Headers(found.headers)
  headers.set('content-security-policy', PAGE_POLICY)
  headers.set('x-content-type-options', 'nosniff')
  headers.set('referrer-policy', 'no-referrer')
  headers.set('x-request-id', context.get('requestId'))
  return new Response(found.body, { status: found.status, headers })
}
