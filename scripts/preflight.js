/** Before `npm start`: says what is missing, on whatever Node the machine has. So it is plain JavaScript. */
import { existsSync } from 'node:fs'

if (!existsSync(new URL('../node_modules/wrangler/package.json', import.meta.url))) {
  console.error('The packages are not installed yet. First: npm ci')
  process.exitCode = 1
}
