import type { KeyScope } from '../policy/document.ts'
import { insertKey } from '../store/keys.ts'
import type { Statement } from '../store/statement.ts'
import { generateTeamKey, hashSecret } from './team-key.ts'

export interface KeyRequest {
  readonly team: string
  readonly name: string
  /** Seconds from now. */
  readonly expires: number
  readonly scope: KeyScope | null
}

export interface MadeKey {
  readonly id: string
  /** The key itself: it is in no other place, and can't be made out again. */
  readonly text: string
  /** Stores what proves it. */
  readonly statement: Statement
  readonly expiresAt: string
}

export async function makeKey({ team, name, expires, scope }: KeyRequest): Promise<MadeKey> {
  const { id, secret, text } = generateTeamKey()
  const createdAt = Date.now()
  const expiresAt = createdAt + expires * 1000
  const statement = insertKey({
    id,
    secretHash: await hashSecret(secret),
    team,
    name,
    scope: scope === null ? null : JSON.stringify(scope),
    createdAt,
    expiresAt,
  })
  return { id, text, statement, expiresAt: new Date(expiresAt).toISOString() }
}
