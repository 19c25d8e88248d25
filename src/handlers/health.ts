import type { Env } from '../env.ts'
import { log } from '../log.ts'
import { problemWithShared } from '../policy/stored.ts'
import type { healthz as declaredHealthz, readyz as declaredReadyz } from '../routes/warden/health.ts'
import { checkSettings } from '../settings.ts'
import { findActivePolicy } from '../store/policies.ts'
import type { Handler } from './handler.ts'

export const healthz: Handler<typeof declaredHealthz> = () => ({ result: { status: 'ok' } })

/** Everything that an operator must mend, named; nothing of what is set is shown. */
export const readyz: Handler<typeof declaredReadyz> = async (_input, _principal, { env }) => {
  const { problems: settings } = checkSettings(env)
  const policy = await policyState(env)
  const problems = [...(settings ?? []), ...policy.problems]
  const isReady = problems.length === 0
  return {
    status: isReady ? 200 : 503,
    result: { status: isReady ? 'ready' : 'not-ready', policyVersion: policy.version, problems },
  }
}

async function policyState({ DB }: Env): Promise<{ version: number | null; problems: string[] }> {
  try {
    const active = await findActivePolicy(DB)
    if (!active) return { version: null, problems: ['no policy has been applied'] }
    const problem = active.problem ?? problemWithShared(active.shared)
    return { version: active.version, problems: problem === null ? [] : [`policy: ${problem}`] }
  } catch (error) {
    log('error', 'store unreachable', { error: String(error) })
    return {
      version: null,
      problems: ['the store (D1) cannot be reached, or its migrations have not been applied'],
    }
  }
}
