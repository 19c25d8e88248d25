import type { Bundles } from '../harness/bundles.ts'

/** What the command line asks for. */
export interface Options {
  readonly rounds: number
  readonly seconds: number
  readonly rows: readonly string[]
  readonly teams: number
  readonly keys: number
  readonly json: boolean
}

/** What a row measures with. */
export interface Bench {
  readonly options: Options
  readonly bundles: Bundles
  /** A folder for the run. It is removed at the end. */
  readonly folder: string
  /** Says on stderr what is being done. */
  readonly progress: (text: string) => void
}

/** One figure of a row. */
export interface Figure {
  readonly what: string
  readonly against: string
  readonly value: number
  readonly unit: '×' | 'KiB'
  /** What it must not fall below or exceed; without one it is there to understand the others by. */
  readonly bar?: { readonly atLeast: number } | { readonly atMost: number }
  /** Of each round. */
  readonly rounds?: readonly number[]
  /** The absolute figures behind it. They hold for this machine and this run only. */
  readonly detail: string
}

/** Measures one thing, by itself: it starts the processes it needs and stops them. */
export type Row = (bench: Bench) => Promise<readonly Figure[]>

export function isMet({ value, bar }: Figure): boolean | null {
  if (!bar) return null
  return 'atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost
}
