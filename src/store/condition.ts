import type { Value } from './statement.ts'

/** A part of a WHERE clause with its bound values, each a `?`. */
export interface Condition {
  readonly sql: string
  readonly values: readonly Value[]
}

export const condition = (sql: string, ...values: Value[]): Condition => ({ sql, values })

/** Holds where all of them do. */
export const all = (conditions: readonly Condition[]) => join(conditions, ' AND ', '1')

/** Holds where any of them does. */
export const any = (conditions: readonly Condition[]) => join(conditions, ' OR ', '0')

function join(conditions: readonly Condition[], operator: string, ofNone: string): Condition {
  if (conditions.length === 0) return condition(ofNone)
  const sql = conditions.map((one) => `(${one.sql})`).join(operator)
  return { sql, values: conditions.flatMap(({ values }) => values) }
}
