import type { Env } from '../env.ts'
import type { Journal } from './journal.ts'

/** What a lane's work needs beside what it is told. */
export interface Deps {
  readonly env: Env
  readonly journal: Journal
}
