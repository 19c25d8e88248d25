import './scripts/docs-assets.ts' // the pages that the warden serves are made, not kept
import { statfsSync } from 'node:fs'
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-pool-workers'
import { build } from 'esbuild'
import { defineConfig } from 'vitest/config'
import { shared } from './test/project.ts'
import type { AskedRounds } from './test/rounds.ts'

/** The emulator as one module, to stand behind the warden as all of the internet. */
async function emulatorModule() {
  const { outputFiles } = await build({
    entryPoints: ['emulator/src/index.ts'],
    bundle: true,
    format: 'esm',
    conditions: ['workerd', 'worker'],
    external: ['cloudflare:*'],
    write: false,
  })
  return { type: 'ESModule' as const, path: 'emulator.js', contents: outputFiles[0]?.text ?? '' }
}

export const ACCOUNT_ID = '0123456789abcdef0123456789abcdef'
export const API_TOKEN = 'test-api-token-that-must-never-be-seen'

/** Where the databases of the tests lie: in memory if there is plenty, since a disk makes every statement wait. */
const MEMORY = '/dev/shm'
const PLENTY = 2 ** 31

function bytesLeft(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return 0 // not everywhere is memory a folder
  }
}

if (process.env.TMPDIR === undefined && bytesLeft(MEMORY) > PLENTY) process.env.TMPDIR = MEMORY

const { WARDEN_ROUNDS } = process.env
const provide: { rounds: AskedRounds } = {
  rounds: WARDEN_ROUNDS === undefined ? null : Number(WARDEN_ROUNDS),
}

/** Tests of functions that need no Worker, and so start none. */
const PURE = 'test/**/*.pure.test.ts'

export default defineConfig({
  test: {
    silent: 'passed-only', // the log of a test that fails is worth reading
    maxWorkers: shared.maxWorkers,
    projects: [
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                CLOUDFLARE_API_BASE_URL: 'https://api.cloudflare.test/client/v4',
                CLOUDFLARE_ACCOUNT_ID: ACCOUNT_ID,
                CLOUDFLARE_API_TOKEN: API_TOKEN,
                UPSTREAM_DEADLINE_MS: '60000',
                MIGRATIONS: await readD1Migrations('migrations'),
              },
              r2Buckets: ['AUDIT_EXPORT'],
              outboundService: 'emulator',
              workers: [
                {
                  name: 'emulator',
                  modules: [await emulatorModule()],
                  compatibilityDate: '2026-10-01',
                  bindings: {
                    EMULATOR_API_TOKEN: API_TOKEN,
                    EMULATOR_ACCOUNT_ID: ACCOUNT_ID,
                    EMULATOR_CONSOLE: 'off',
                  },
                  durableObjects: { ACCOUNT: { className: 'Account', useSQLite: true } },
                },
              ],
            },
          })),
        ],
        test: {
          name: 'warden',
          ...shared, // test/setup.ts empties the runtime between two files
          provide,
          include: ['test/**/*.test.ts'],
          exclude: [PURE, 'test/emulator/**', 'test/node/**', 'test/clients/**', 'node_modules/**'],
          setupFiles: ['./test/setup.ts'],
        },
      },
      { test: { name: 'pure', include: [PURE], ...shared, provide } },
      './test/emulator/vitest.config.ts',
      './test/clients/vitest.config.ts',
      { test: { name: 'node', include: ['test/node/**/*.test.ts'], ...shared } },
    ],
  },
})
