import type { Env } from '../../env.ts'
import type * as declared from '../../routes/cloudflare/account.ts'
import type { Handler } from '../handler.ts'
import { pageOf } from './page.ts'

export const verifyToken: Handler<typeof declared.verifyToken> = (_input, { keyId, expiresAt }) => ({
  result: { id: keyId, status: 'active', expires_on: new Date(expiresAt).toISOString() },
})

export const user: Handler<typeof declared.user> = (_input, { keyId, team }) => ({
  result: { id: keyId, email: `${team}@r2-warden.invalid` },
})

export const accounts: Handler<typeof declared.accounts> = ({ query }, { team }, { env }) =>
  pageOf([accountOf(env, team)], query)

export const memberships: Handler<typeof declared.memberships> = ({ query }, { team, keyId }, { env }) =>
  pageOf([{ id: keyId, status: 'accepted', account: accountOf(env, team), roles: [`team ${team}`] }], query)

/** The one account there is, under the team's name. */
function accountOf({ CLOUDFLARE_ACCOUNT_ID }: Env, team: string) {
  return { id: CLOUDFLARE_ACCOUNT_ID ?? '', name: team, type: 'standard' }
}
