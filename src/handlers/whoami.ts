import type { whoami as declared } from '../routes/warden/whoami.ts'
import type { Handler } from './handler.ts'

/** Who is calling, by which key, and the rules that bind them. */
export const whoami: Handler<typeof declared> = (_input, principal) => {
  const { team, keyId, keyName, scope, expiresAt, policyVersion, policy } = principal
  const key = {
    id: keyId,
    name: keyName,
    expiresAt: new Date(expiresAt).toISOString(),
    scope: scope === null ? null : readScope(scope),
  }
  const grants = policy.grants.map(({ role, permissions, buckets, jurisdictions }) => ({
    role,
    permissions,
    buckets,
    jurisdictions,
  }))
  const deny = policy.denies.map(({ name, from, permissions, buckets, jurisdictions }) => ({
    name,
    from,
    permissions,
    buckets,
    jurisdictions,
  }))
  return { result: { team, key, policyVersion, grants, deny, limits: policy.limits } }
}

/** A scope that can't be read narrows to nothing; its owner still sees that there is one. */
function readScope(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return { unreadable: true }
  }
}
