import type { Env } from '../../env.ts'
import type * as declared from '../../routes/cloudflare/account.ts'
import type { Answer, Handler } from '../handler.ts'

export const verifyToken: Handler<typeof declared.verifyToken> = (_input, { keyId, expiresAt }) => ({
  result: { id: keyId, status: 'active', expires_on: new Date(expiresAt).toISOString() },
})

export const user: Handler<typeof declared.user> = (_input, { keyId, team }) => ({
  result: { id: keyId, email: `${team}@r2-warden.invalid` },
})

export const accounts: Handler<typeof declared.accounts> = (_input, { team }, { env }) =>
  listOf(accountOf(env, team))

export const memberships: Handler<typeof declared.memberships> = (_input, { team, keyId }, { env }) =>
  listOf({ id: keyId, status: 'accepted', account: accountOf(env, team), roles: [`team ${team}`] })

/** The one account there is, under the team's name. */
function accountOf({ CLOUDFLARE_ACCOUNT_ID }: Env, team: string) {
  return { id: CLOUDFLARE_ACCOUNT_ID ?? '', name: team, type: 'standard' }
}

const listOf = (item: unknown): Answer => ({
  result: [item],
  result_info: { page: 1, per_page: 20, count: 1, total_count: 1, total_pages: 1 },
})
