import * as z from 'zod'

const settings = z.object({
  EMULATOR_API_TOKEN: z.string().min(1),
  EMULATOR_ACCOUNT_ID: z.string().regex(/^[0-9a-f]{32}$/),
  EMULATOR_CONSOLE: z.enum(['on', 'off']).default('on'),
})

export interface Config {
  readonly apiToken: string
  readonly accountId: string
  readonly console: boolean
}

export function readConfig(env: unknown): Config {
  const found = settings.parse(env)
  return {
    apiToken: found.EMULATOR_API_TOKEN,
    accountId: found.EMULATOR_ACCOUNT_ID,
    console: found.EMULATOR_CONSOLE === 'on',
  }
}
