import { resource } from '../operation.ts'
import { accounts, memberships, user, verifyToken } from './account.ts'
import { graphql } from './graphql.ts'
import { queues } from './queues.ts'

/** What clients of Cloudflare's ask around R2, offered on v4. Cloudflare's own document describes it. */
export const cloudflare = resource('Cloudflare', [verifyToken, user, accounts, memberships, queues, graphql])
