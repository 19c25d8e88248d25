import * as z from 'zod'

/** Written by a tester; see `afflict` for what each does to the caller. */
export const faultRequest = z
  .strictObject({
    operation: z.string().default('*'),
    bucket: z.string().optional(),
    times: z.int().min(1).default(1),
    delayMs: z.int().min(0).max(600_000).optional(),
    status: z.int().min(200).max(599).optional(),
    kind: z.enum(['broken-connection', 'broken-body', 'not-json', 'rate-limited']).optional(),
    retryAfter: z.int().min(0).optional(),
    code: z.int().min(1000).optional(),
    message: z.string().optional(),
    body: z.string().optional(),
    applied: z.boolean().default(false),
  })
  .refine(
    ({ delayMs, status, kind, body }) => [delayMs, status, kind, body].some((part) => part !== undefined),
    {
      error: 'a fault needs one of status, delayMs, kind, body',
    },
  )

export type Fault = z.infer<typeof faultRequest>
