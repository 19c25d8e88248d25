import type { Violation } from '../../../src/policy/guardrails/guardrail.ts'
import { judge } from './judge.ts'

/** Rules of a bucket lock, and the judgement of a change from some rules to others. */

export const NOW = Date.parse('2026-11-22T12:00:00Z')
export const neverWeaken = { neverWeaken: true }

export const DAY = 86_400
export const age = (days: number) => ({ type: 'Age', maxAgeSeconds: days * DAY })
export const until = (date: string) => ({ type: 'Date', date })
export const forever = { type: 'Indefinite' }

export const rule = (condition: unknown, change: object = {}) => ({
  id: 'keep',
  enabled: true,
  prefix: 'logs/',
  condition,
  ...change,
})

/** What is found when the rules that are there are replaced by those that are asked for. */
export function replaced(
  current: readonly unknown[],
  asked: readonly unknown[],
  options: object = neverWeaken,
): readonly Violation[] {
  return judge('locks', options, {
    body: { rules: asked },
    current: { 'buckets.locks.get': { rules: current } },
    now: NOW,
  })
}

/** What is found when the bucket is deleted. */
export function deleted(current: unknown, options: object = neverWeaken): readonly Violation[] {
  return judge('locks', options, {
    operation: 'buckets.delete',
    current: { 'buckets.locks.get': current },
    now: NOW,
  })
}
