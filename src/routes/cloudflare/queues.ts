import * as z from 'zod'
import type { Facts } from '../../policy/decide.ts'
import { JURISDICTIONS } from '../../policy/names.ts'
import { handled } from '../operation.ts'

const count = (max: number, usual: number) =>
  z
    .string()
    .regex(/^[1-9][0-9]{0,4}$/, 'a whole number from 1 on')
    .transform(Number)
    .pipe(z.int().max(max))
    .default(usual)

const query = z.strictObject({
  page: count(10_000, 1),
  per_page: count(100, 100),
  name: z.string().max(63).exactOptional(),
})

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
