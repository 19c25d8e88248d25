import path from 'node:path'
import { build } from 'esbuild'
import type { MiniflareOptions } from 'miniflare'

const PROJECT = path.join(import.meta.dirname, '..')
const COMPATIBILITY_DATE = '2026-10-01'

export const ACCOUNT_ID = '0123456789abcdef0123456789abcdef'
const API_TOKEN = 'soak-token-0123456789abcdefghijklmnopqrs'

/** How long a change may wait for upstream: short, since what a kill leaves open is settled only after it. */
export const DEADLINE_MS = 1500

export const DATABASE = 'soak'

type Config = MiniflareOptions['workers'][number]['config']

/** The emulator, which is never killed. */
export async function emulatorOptions(folder: string): Promise<MiniflareOptions> {
  return optionsOf(path.join(folder, 'emulator'), {
    ...(await worker('emulator', 'emulator/src/index.ts')),
    env: {
      EMULATOR_API_TOKEN: text(API_TOKEN),
      EMULATOR_ACCOUNT_ID: text(ACCOUNT_ID),
      EMULATOR_CONSOLE: text('off'),
      ACCOUNT: { type: 'durable-object', worker: 'emulator', exportName: 'Account' },
    },
    exports: { Account: { type: 'durable-object', storage: 'sqlite' } },
  })
}

/** The warden as wrangler.toml has it, but for the pages of its documentation. */
export async function wardenOptions(folder: string, upstream: string): Promise<MiniflareOptions> {
  return optionsOf(path.join(folder, 'warden'), {
    ...(await worker('warden', 'src/index.ts')),
    env: {
      CLOUDFLARE_API_BASE_URL: text(`${upstream}/client/v4`),
      CLOUDFLARE_ACCOUNT_ID: text(ACCOUNT_ID),
      CLOUDFLARE_API_TOKEN: text(API_TOKEN),
      UPSTREAM_DEADLINE_MS: text(String(DEADLINE_MS)),
      DB: { type: 'd1', id: DATABASE },
      LANES: { type: 'durable-object', worker: 'warden', exportName: 'Lane' },
    },
    exports: { Lane: { type: 'durable-object', storage: 'sqlite' } },
  })
}

/** Without asking anybody on the network for anything. */
export function optionsOf(folder: string, config: Config): MiniflareOptions {
  return { host: '127.0.0.1', cf: false, resourcePersistencePath: folder, workers: [{ config }] }
}

const text = (value: string) => ({ type: 'text' as const, value })

async function worker(name: string, entry: string) {
  const { outputFiles } = await build({
    entryPoints: [path.join(PROJECT, entry)],
    bundle: true,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*'],
    write: false,
  })
  const contents = outputFiles[0]?.text ?? ''
  return { name, compatibilityDate: COMPATIBILITY_DATE, manifest: manifestOf(contents) }
}

export function manifestOf(contents: string) {
  return {
    mainModule: 'index.mjs',
    modulesRoot: '/',
    modules: { 'index.mjs': { type: 'esm' as const, contents } },
  }
}
