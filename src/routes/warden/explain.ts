import * as z from 'zod'
import { bucketName, hostname, jurisdiction, queueId } from '../fields.ts'
import { handled } from '../operation.ts'
import { operationNames } from '../r2/index.ts'

export const question = z
  .strictObject({
    operation: z.enum(operationNames, {
      error: ({ input }) => `no operation is called ${JSON.stringify(input)}`,
    }),
    bucket: bucketName.exactOptional(),
    jurisdiction: jurisdiction.default('default'),
    domain: hostname.exactOptional(),
    queueId: queueId.exactOptional(),
    body: z
      .unknown()
      .exactOptional()
      .meta({ description: 'What would be sent, so that guardrails can judge it' }),
    team: z.string().max(63).exactOptional().meta({ description: 'Another team; needs `warden.explain`' }),
    keyId: z.string().max(64).exactOptional().meta({ description: 'Another key; needs `warden.explain`' }),
  })
  .refine(({ team, keyId }) => team === undefined || keyId === undefined, 'name a team or a key, not both')
  .meta({
    id: 'Question',
    examples: [
      {
        operation: 'buckets.cors.update',
        bucket: 'media-assets',
        body: { rules: [{ allowed: { origins: ['https://www.example.org'], methods: ['GET'] } }] },
      },
    ],
  })

export const decision = z
  .looseObject({
    team: z.string(),
    operation: z.string(),
    jurisdiction: z.string(),
    bucket: z.string().nullable(),
    allowed: z.boolean(),
    code: z.string().optional(),
    detail: z.string().optional(),
    decidedBy: z.looseObject({ kind: z.string() }),
    grants: z.array(
      z.looseObject({ rule: z.string(), givesPermission: z.boolean(), coversBucket: z.boolean() }),
    ),
    deny: z.array(z.looseObject({ rule: z.string(), denies: z.boolean() })),
    guardrails: z.array(
      z.looseObject({ guardrail: z.string(), verdict: z.enum(['passes', 'violated', 'depends']) }),
    ),
    dependsOnValue: z.boolean().optional().meta({
      description: 'No `body` was named, and guardrails judge it: `allows` has what each lets stand',
    }),
    smallestScope: z
      .string()
      .nullable()
      .meta({ description: 'YAML of the narrowest scope of a key that would not leave it out' }),
    smallestGrant: z.string().nullable().meta({ description: 'YAML of the least that would allow it' }),
  })
  .meta({
    id: 'Decision',
    description: 'What policy says, and by which rules; `dryRun=true` answers the same',
  })

export const explain = handled({
  name: 'warden.explain',
  only: 'v1',
  method: 'post',
  path: '/v1/explain',
  access: 'own',
  summary: 'What policy says of a request, and why',
  description:
    'The full decision for the caller: the grants that were considered, the rule that decided, the verdict of ' +
    'each guardrail and, where nothing grants it, the smallest grant that would. Nothing is changed; what a ' +
    'guardrail compares with is read upstream. `team` or `keyId` asks for another and needs `warden.explain`.',
  target: 'account',
  body: question,
  result: decision,
})
