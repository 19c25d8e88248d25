import type * as z from 'zod'
import { brokenPolicy, compile, type Policy } from './compile.ts'
import { keyScope, sharedPart, teamPart } from './document.ts'

/** A policy as the store keeps it: the parts of one document as JSON, and the scope of a key. */
export interface StoredPolicy {
  readonly team: string
  readonly policyVersion: number | null
  readonly policyProblem: string | null
  readonly sharedPolicy: string | null
  readonly teamPolicy: string | null
  readonly scope: string | null
}

/** Reads and prepares a stored policy. What can't be read denies everything, and says why. */
export function readStoredPolicy(stored: StoredPolicy): Policy {
  const { team, policyVersion, policyProblem, sharedPolicy, teamPolicy, scope } = stored
  if (policyVersion === null || sharedPolicy === null) return brokenPolicy(team, 'no policy has been applied')
  if (policyProblem !== null) return brokenPolicy(team, 'the policy document is not valid')
  const shared = readJson(sharedPart, sharedPolicy)
  const part = readJson(teamPart, teamPolicy ?? '{}')
  const narrowing = scope === null ? null : readJson(keyScope, scope)
  if (!shared || !part || (scope !== null && !narrowing))
    return brokenPolicy(team, 'the stored policy cannot be read')
  return compile(team, shared, part, narrowing)
}

/** Why the shared part of a stored policy can't be read; `null` when it can. */
export function problemWithShared(text: string): string | null {
  return readJson(sharedPart, text) ? null : 'the stored policy cannot be read'
}

function readJson<T extends z.ZodType>(schema: T, text: string): z.output<T> | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
