import { inject } from 'vitest'

/** `WARDEN_ROUNDS`, if it is set; see `npm run soak -- --help`. */
export type AskedRounds = number | null

declare module 'vitest' {
  interface ProvidedContext {
    readonly rounds: AskedRounds
  }
}

const USUAL = 60

/** So many rounds of what shows its faults by chance; in the long form as many times more as that has rounds. */
export const rounds = (usual = USUAL): number => Math.round((usual * (inject('rounds') ?? USUAL)) / USUAL)
