import type { AnswerSeen, SentChange } from './compare.ts'
import type { Trail } from './trail.ts'

interface Known {
  readonly sent: readonly SentChange[]
  readonly trail: Trail
  readonly told: readonly AnswerSeen[]
  readonly settledMs: number
}

/** What a run was made of, by what it is and how many there were of it. */
export type Figures = ReturnType<typeof figuresOf>

export function figuresOf({ sent, trail: { records }, told, settledMs }: Known) {
  const reconciled = records.filter(({ reconciled }) => reconciled === 1)
  return {
    asked: told.length,
    answered: counts(told, ({ status }) => (status === null ? 'lost' : `${Math.floor(status / 100)}xx`)),
    sent: sent.length,
    carriedOut: sent.filter(({ carriedOut }) => carriedOut).length,
    records: records.length,
    outcomes: counts(records, ({ outcome }) => outcome),
    reconciled: counts(reconciled, ({ outcome }) => outcome),
    operations: counts(records, ({ operation }) => operation),
    lanes: new Set(records.map(({ lane }) => lane)).size,
    settledMs,
  }
}

function counts<T>(items: readonly T[], nameOf: (item: T) => string): Readonly<Record<string, number>> {
  const groups = [...Map.groupBy(items, nameOf)]
  return Object.fromEntries(groups.map(([name, { length }]) => [name, length] as const).sort())
}
