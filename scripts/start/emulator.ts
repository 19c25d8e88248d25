import path from 'node:path'
import { unstable_readConfig } from 'wrangler'
import { PROJECT } from '../../cli/d1.ts'

/** The account and the token that the emulator takes, from its own configuration. */
export function emulatorSettings(): { accountId: string; token: string } {
  const { vars } = unstable_readConfig({ config: path.join(PROJECT, 'emulator', 'wrangler.toml') })
  return { accountId: String(vars.EMULATOR_ACCOUNT_ID), token: String(vars.EMULATOR_API_TOKEN) }
}
