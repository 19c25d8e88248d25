import { brokenPolicy, type Policy } from '../policy/compile.ts'

/** Who is calling, and what binds them. */
export interface Principal {
  readonly keyId: string
  readonly keyName: string
  readonly team: string
  /** JSON of what narrows the key, as it was given when the key was made. */
  readonly scope: string | null
  /** Unix time, ms. */
  readonly expiresAt: number
  readonly policyVersion: number | null
  readonly policy: Policy
}

/** Whoever asks for what is public: may do nothing else. */
export const ANONYMOUS: Principal = {
  keyId: '',
  keyName: '',
  team: '',
  scope: null,
  expiresAt: 0,
  policyVersion: null,
  policy: brokenPolicy('', 'nobody is known to be asking'),
}
