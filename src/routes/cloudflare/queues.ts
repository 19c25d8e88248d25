import * as z from 'zod'
import type { Facts } from '../../policy/decide.ts'
import { JURISDICTIONS } from '../../policy/names.ts'
import { handled } from '../operation.ts'
import { pageQuery } from './paging.ts'

const query = pageQuery(100).extend({ name: z.string().max(63).exactOptional() })

/** Who may notify no queue, nor stop it, is told so: an empty list would read as if there were none. */
const DECIDED_AS: readonly Facts[] = [
  'buckets.eventNotifications.update',
  'buckets.eventNotifications.delete',
].flatMap((operation) =>
  JURISDICTIONS.map((jurisdiction) => ({ operation, jurisdiction, bucket: null, listing: true })),
)

export const queues = handled({
  name: 'queues.list',
  only: 'v4',
  method: 'get',
  path: '/accounts/:account/queues',
  access: 'identified',
  summary: "The queues that the caller's policy lets them notify",
  target: 'account',
  query,
  decidedAs: () => DECIDED_AS,
})
