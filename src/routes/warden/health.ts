import * as z from 'zod'
import { handled } from '../operation.ts'

const readiness = z
  .object({
    status: z.enum(['ready', 'not-ready']),
    policyVersion: z.int().nullable(),
    problems: z.array(z.string()).meta({ description: 'What an operator must mend' }),
  })
  .meta({ id: 'Readiness', examples: [{ status: 'ready', policyVersion: 3, problems: [] }] })

/** Whether there is a warden at all, for whoever restarts it. */
export const healthz = handled({
  name: 'warden.healthz',
  only: 'v1',
  method: 'get',
  path: '/healthz',
  access: 'public',
  summary: 'Whether the warden is alive',
  target: 'account',
  result: z.object({ status: z.literal('ok') }).meta({ id: 'Health' }),
})

/** Whether it can do its work, for whoever sends requests to it. */
export const readyz = handled({
  name: 'warden.readyz',
  only: 'v1',
  method: 'get',
  path: '/readyz',
  access: 'public',
  summary: 'Whether the warden can serve',
  description: 'Settings valid, store reachable, a policy in force. Names what is missing, never a value.',
  target: 'account',
  result: readiness,
  otherStatus: 503,
})
