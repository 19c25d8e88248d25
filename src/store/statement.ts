/** A statement of SQL, and the values that are bound to it: in their order to each `?`, by number to `?1` and so on. */
export interface Statement {
  readonly sql: string
  readonly values: readonly Value[]
}

export type Value = string | number | null

/** A statement that asks for rows, and what they are. */
export interface Query<T> extends Statement {
  read(rows: readonly unknown[]): T
}

export const statement = (sql: string, ...values: Value[]): Statement => ({ sql, values })

export const query = <T>({ sql, values }: Statement, read: Query<T>['read']): Query<T> => ({
  sql,
  values,
  read,
})

/** The same, for what is one row at most. */
export const queryOne = <T>(asked: Statement, read: (row: unknown) => T): Query<T | null> =>
  query(asked, ([row]) => (row === undefined ? null : read(row)))
