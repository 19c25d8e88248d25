import * as z from 'zod'
import { compareOptions, same } from './compare.ts'
import { kind, reading } from './guardrail.ts'

const asked = z.looseObject({ enabled: z.boolean() })

/** Whether a bucket may be public at its r2.dev domain. */
export const managedDomain = kind({
  options: z.strictObject({ public: z.literal(false) }),
  ways: { public: ['buckets.domains.managed.update'] },
  check: (_options, { body }) =>
    reading(asked, body, '{"enabled": false}', ({ enabled }) =>
      enabled
        ? [
            {
              pointer: '/enabled',
              message: 'the bucket may not be public at r2.dev',
              value: true,
              allowed: false,
            },
          ]
        : [],
    ),
  compare: (strict, loose) => compareOptions(strict, loose, { public: same }),
  samples: () => [true, false].map((enabled) => ({ body: { enabled } })),
})
