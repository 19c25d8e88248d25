import * as z from 'zod'
import { handled } from '../operation.ts'

const patterns = z.array(z.string())

const identity = z
  .object({
    team: z.string(),
    key: z.object({
      id: z.string(),
      name: z.string(),
      expiresAt: z.iso.datetime(),
      scope: z
        .record(z.string(), z.unknown())
        .nullable()
        .meta({ description: "What narrows the team's grants" }),
    }),
    policyVersion: z.int().nullable(),
    grants: z.array(
      z.object({
        role: z.string(),
        permissions: patterns,
        buckets: patterns,
        jurisdictions: patterns,
      }),
    ),
    deny: z.array(
      z.object({
        name: z.string(),
        from: z.enum(['organization', 'team']),
        permissions: patterns,
        buckets: patterns,
        jurisdictions: patterns,
      }),
    ),
    limits: z.object({
      buckets: z.int().nullable().meta({
        description: 'How many buckets that it created the team may have at once; `null` is any number',
      }),
    }),
  })
  .meta({ id: 'Identity' })

export const whoami = handled({
  name: 'warden.whoami',
  only: 'v1',
  method: 'get',
  path: '/v1/whoami',
  access: 'identified',
  summary: 'Who is calling, and what binds them',
  target: 'account',
  result: identity,
})
