import * as z from 'zod'
import type { Env, StoredSecret } from './env.ts'
import { ApiError } from './errors.ts'

/** The settings of the upstream, checked. */
export interface Settings {
  readonly baseUrl: string
  readonly accountId: string
  readonly token: () => string | Promise<string>
  readonly deadlineMs: number
}

export type CheckedSettings =
  | { readonly settings: Settings; readonly problems: null }
  | { readonly settings: null; readonly problems: readonly string[] }

/** Plain HTTP would show the token to the network, so it is taken for this machine only. */
const baseUrl = z.url({ protocol: /^https?$/ }).refine((text) => {
  const { protocol, hostname, username, password, search, hash } = new URL(text)
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return (protocol === 'https:' || isLocal) && username + password + search + hash === ''
}, 'must be an https:// URL (http:// on this machine only) without user, query or fragment')

const token = z
  .string()
  .regex(/^[\x21-\x7e]+$/, 'must be a Cloudflare API token')
  .or(z.custom<StoredSecret>((value) => typeof value === 'object' && value !== null && 'get' in value))

/** How long an audit record stays in the store, in days. */
export const retentionDays = z.coerce.number().int().min(1).max(3650).default(365)

const schema = z.object({
  CLOUDFLARE_API_BASE_URL: baseUrl.default('https://api.cloudflare.com/client/v4'),
  CLOUDFLARE_ACCOUNT_ID: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'must be the 32 hexadecimal digits of the account id'),
  CLOUDFLARE_API_TOKEN: token,
  UPSTREAM_DEADLINE_MS: z.coerce.number().int().min(100).max(120_000).default(25_000),
  AUDIT_RETENTION_DAYS: retentionDays,
})

const checked = new WeakMap<object, CheckedSettings>()

/** Checks the settings once per isolate. A problem names its setting and never shows a value. */
export function checkSettings(env: Env): CheckedSettings {
  const known = checked.get(env)
  if (known) return known
  const found = check(env)
  checked.set(env, found)
  return found
}

/** The settings, for who can't go on without. Throws while one is missing or wrong. */
export function settingsOf(env: Env): Settings {
  const { settings } = checkSettings(env)
  if (settings) return settings
  throw new ApiError('unavailable', 'The warden is not configured. GET /readyz says what is missing.')
}

function check(env: Env): CheckedSettings {
  const parsed = schema.safeParse(env)
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path }) => {
      const name = String(path[0]) as keyof typeof schema.shape
      return env[name] ? `${name} is not valid` : `${name} is missing`
    })
    return { settings: null, problems: [...new Set(problems)] }
  }
  const { CLOUDFLARE_API_BASE_URL, CLOUDFLARE_ACCOUNT_ID, CLOUDFLARE_API_TOKEN, UPSTREAM_DEADLINE_MS } =
    parsed.data
  const settings = {
    baseUrl: CLOUDFLARE_API_BASE_URL.replace(/\/+$/, ''),
    accountId: CLOUDFLARE_ACCOUNT_ID,
    token: tokenReader(CLOUDFLARE_API_TOKEN),
    deadlineMs: UPSTREAM_DEADLINE_MS,
  }
  return { settings, problems: null }
}

function tokenReader(token: string | StoredSecret): Settings['token'] {
  if (typeof token === 'string') return () => token
  let known: string | null = null
  return async () => {
    known ??= await token.get()
    return known
  }
}
