import { simulate } from '../analysis/simulate.ts'
import { authorize } from '../enforcement/authorize.ts'
import { denial } from '../enforcement/denial.ts'
import { ApiError, invalidRequest } from '../errors.ts'
import type { Principal } from '../identity/principal.ts'
import type { Policy } from '../policy/compile.ts'
import { type Decision, decide, type Facts } from '../policy/decide.ts'
import { explainDecision } from '../policy/explain.ts'
import { NOTHING_THERE } from '../policy/guardrails/index.ts'
import { readStoredPolicy } from '../policy/stored.ts'
import type { explain as declared } from '../routes/warden/explain.ts'
import { findKey } from '../store/keys.ts'
import { findTeamPolicy } from '../store/policies.ts'
import type { Handler, HandlerDeps } from './handler.ts'

type Question = NonNullable<(typeof declared)['asked']>['body']

/** What policy says of a request that is only imagined, for the caller or, for owners, anybody. */
export const explain: Handler<typeof declared> = async ({ body: question }, principal, deps) => {
  const policy = await policyAskedFor(question, principal, deps)
  const facts = factsAskedFor(question)
  return { result: explainDecision(policy, facts, await decisionOn(policy, facts, deps)) }
}

/** Of what isn't there, guardrails compare with nothing: whether it is there is another question. */
async function decisionOn(policy: Policy, facts: Facts, { upstream }: HandlerDeps): Promise<Decision> {
  try {
    return await authorize(policy, facts, upstream)
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error
    return decide(policy, { ...facts, current: NOTHING_THERE })
  }
}

const OTHERS: Facts = { operation: 'warden.explain', jurisdiction: 'default', bucket: null }

async function policyAskedFor(
  { team, keyId }: Question,
  principal: Principal,
  { env }: HandlerDeps,
): Promise<Policy> {
  if (team === undefined && keyId === undefined) return principal.policy
  const decision = decide(principal.policy, OTHERS)
  if (!decision.allowed) throw denial(principal, OTHERS, decision)
  const stored = team === undefined ? await findKey(env.DB, keyId ?? '') : await findTeamPolicy(env.DB, team)
  if (!stored) throw wrong(team === undefined ? '/keyId' : '/team', 'is not known')
  return readStoredPolicy(stored)
}

function factsAskedFor(question: Question): Facts {
  const { facts, faults } = simulate({ ...question, now: Date.now() })
  if (faults) throw invalidRequest(faults.map((fault) => ({ in: 'body', ...fault })))
  return facts
}

const wrong = (pointer: string, message: string) => invalidRequest([{ in: 'body', pointer, message }])
