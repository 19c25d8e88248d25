import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const PROJECT = path.join(import.meta.dirname, '..', '..')
const NEEDED = ['cli', 'emulator', 'migrations', 'policy', 'scripts', 'src', 'package.json', 'wrangler.toml']

/** What was made here by running it, which a fresh clone doesn't have. */
const MADE = new Set(['.wrangler', '.dev', '.assets'])

/**
 * A copy of the project in a folder of its own, as a fresh clone after `npm ci` is: it has no git, no state,
 * and nothing that runs there touches the developer's databases, keys and pages.
 */
export class Checkout {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'warden checkout-'))

  constructor() {
    for (const name of NEEDED) {
      cpSync(path.join(PROJECT, name), this.path(name), {
        recursive: true,
        filter: (source) => !MADE.has(path.basename(source)),
      })
    }
    symlinkSync(path.join(PROJECT, 'node_modules'), this.path('node_modules'), 'junction')
  }

  path(...names: string[]): string {
    return path.join(this.folder, ...names)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
