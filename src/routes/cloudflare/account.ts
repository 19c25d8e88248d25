import { handled, type Operation } from '../operation.ts'
import { pageQuery } from './paging.ts'

/*
 * What wrangler, the SDKs and Terraform ask around R2: who am I, and which account. All of it is answered for the
 * caller, and of the caller only.
 */
const own = {
  only: 'v4',
  method: 'get',
  access: 'identified',
  target: 'account',
} as const satisfies Partial<Operation>

export const verifyToken = handled({
  ...own,
  name: 'user.tokens.verify',
  path: '/user/tokens/verify',
  summary: 'Whether the key is active, and until when',
})

export const user = handled({ ...own, name: 'user.get', path: '/user', summary: 'The team, as a user' })

export const accounts = handled({
  ...own,
  name: 'accounts.list',
  path: '/accounts',
  summary: 'The one account, under the name of the team',
  query: pageQuery(20),
})

export const memberships = handled({
  ...own,
  name: 'memberships.list',
  path: '/memberships',
  summary: 'The one membership of it',
  query: pageQuery(20),
})
