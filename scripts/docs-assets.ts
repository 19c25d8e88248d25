/** Makes `.assets/docs`: the pages of the API's documentation, and what they load. */
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { ERRORS } from '../src/errors.ts'

const target = path.join(import.meta.dirname, '..', '.assets')
const docs = path.join(target, 'docs')
const swaggerUi = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))

const COPIED = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']
const WRITTEN = ['index.html', 'start.js', 'errors.html', 'page.css']

// Written over, not anew: a running warden may be serving these very files.
mkdirSync(docs, { recursive: true })
for (const file of readdirSync(docs)) {
  if (![...COPIED, ...WRITTEN].includes(file)) rmSync(path.join(docs, file), { recursive: true })
}
for (const file of COPIED) copyFileSync(path.join(swaggerUi, file), path.join(docs, file))

const page = (title: string, head: string, body: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="/docs/favicon-32x32.png">
${head}
</head>
<body>
${body}
</body>
</html>
`

writeFileSync(
  path.join(docs, 'index.html'),
  page(
    'r2-warden API',
    '<link rel="stylesheet" href="/docs/swagger-ui.css">',
    '<div id="page"></div>\n<script src="/docs/swagger-ui-bundle.js"></script>\n<script src="/docs/start.js"></script>',
  ),
)
writeFileSync(
  path.join(docs, 'start.js'),
  `SwaggerUIBundle({ url: '/v1/openapi.json', dom_id: '#page', deepLinking: true, persistAuthorization: false, validatorUrl: null, defaultModelsExpandDepth: 0, docExpansion: 'list' })\n`,
)

const rows = Object.entries(ERRORS).map(
  ([code, { status, title }]) =>
    `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${title}</td></tr>`,
)
writeFileSync(
  path.join(docs, 'errors.html'),
  page(
    'r2-warden errors',
    '<link rel="stylesheet" href="/docs/page.css">',
    `<h1>Errors</h1>
<p>Every error is a problem document (RFC 9457) with one of these codes.</p>
<table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>`,
  ),
)
writeFileSync(
  path.join(docs, 'page.css'),
  `:root { color-scheme: light dark; font-family: system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .4rem .8rem; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent) }
tr:target { background: color-mix(in srgb, orange 30%, transparent) }
`,
)
