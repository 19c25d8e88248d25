import * as z from 'zod'
import { factsAsked } from '../../analysis/simulate.ts'
import { createJudge } from '../../enforcement/authorize.ts'
import { ApiError, invalidRequest } from '../../errors.ts'
import type { AppContext } from '../../gateway/context.ts'
import { upstreamOf } from '../../gateway/mount.ts'
import type { Principal } from '../../identity/authenticate.ts'
import type { Policy } from '../../policy/compile.ts'
import { decide, type Facts } from '../../policy/decide.ts'
import { explainDecision, explainRefusal } from '../../policy/explain.ts'
import { readStoredPolicy } from '../../policy/stored.ts'
import { findKey } from '../../store/keys.ts'
import { findTeamPolicy } from '../../store/policies.ts'
import { bucketName, hostname, jurisdiction, queueId } from '../fields.ts'
import { operationNames, operations } from '../index.ts'

export const question = z
  .strictObject({
    operation: z.enum(operationNames),
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

export const answer = z
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
    guardrails: z.array(z.looseObject({ guardrail: z.string(), verdict: z.enum(['passes', 'violated']) })),
    smallestGrant: z.string().nullable().meta({ description: 'YAML of the least that would allow it' }),
  })
  .meta({
    id: 'Decision',
    description: 'What policy says, and by which rules; `dryRun=true` answers the same',
  })

type Question = z.output<typeof question>

/** Explains what policy says of a request that is only imagined, for the caller or, for owners, anybody. */
export async function explain(context: AppContext, principal: Principal, asked: Question) {
  const policy = await policyAskedFor(context, principal, asked)
  const facts = factsAskedFor(asked)
  const decision = await judge(policy, facts, upstreamOf(context.env))
  return explainDecision(policy, facts, decision)
}

const judge = createJudge(operations)

async function policyAskedFor(
  { env }: AppContext,
  principal: Principal,
  { team, keyId }: Question,
): Promise<Policy> {
  if (team === undefined && keyId === undefined) return principal.policy
  const facts: Facts = { operation: 'warden.explain', jurisdiction: 'default', bucket: null }
  const decision = decide(principal.policy, facts)
  if (!decision.allowed) {
    const { code, message, members } = explainRefusal(principal.team, facts, decision)
    throw new ApiError(code, message, { members })
  }
  const stored = team === undefined ? await findKey(env.DB, keyId ?? '') : await findTeamPolicy(env.DB, team)
  if (!stored) throw wrong(team === undefined ? '/keyId' : '/team', 'is not known')
  return readStoredPolicy(stored)
}

function factsAskedFor(asked: Question): Facts {
  const { facts, faults } = factsAsked({ ...asked, now: Date.now() })
  if (faults) throw invalidRequest(faults.map((fault) => ({ in: 'body', ...fault })))
  return facts
}

const wrong = (pointer: string, message: string) => invalidRequest([{ in: 'body', pointer, message }])
