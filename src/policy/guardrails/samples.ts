import { secondsOf } from '../age.ts'

/** What a change may say beside its place, for somebody who tries what guardrails make of it. */
export interface Sample {
  readonly body?: unknown
  readonly domain?: string
  readonly queueId?: string
  /** What is there now, by the operation that reads it. */
  readonly current?: Readonly<Record<string, unknown>>
}

/** An id that no zone and no queue has. */
export const NOWHERE = '0'.repeat(32)

export const unique = <Value>(values: readonly Value[]): Value[] => [...new Set(values)]

/** Seconds on both sides of ages. */
export function secondsAround(ages: readonly string[]): number[] {
  return [
    3600,
    ...unique(ages)
      .map(secondsOf)
      .flatMap((seconds) => [seconds - 1, seconds]),
  ]
}
