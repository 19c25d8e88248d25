import path from 'node:path'
import { PROJECT } from '../../cli/d1.ts'

/** The account and the token that the emulator takes, from its own configuration. */
export async function emulatorSettings(): Promise<{ accountId: string; token: string }> {
  const { unstable_readConfig } = await import('wrangler') // takes a second to load: not before it is needed
  const { vars } = unstable_readConfig({ config: path.join(PROJECT, 'emulator', 'wrangler.toml') })
  return { accountId: String(vars.EMULATOR_ACCOUNT_ID), token: String(vars.EMULATOR_API_TOKEN) }
}
