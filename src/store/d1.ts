import type { Query, Statement } from './statement.ts'

/** Statements as D1 carries them out. */

export const prepare = (db: D1Database, { sql, values }: Statement): D1PreparedStatement =>
  db.prepare(sql).bind(...values)

/** All of them or none. */
export async function batch(db: D1Database, statements: readonly Statement[]): Promise<D1Result[]> {
  return db.batch(statements.map((one) => prepare(db, one)))
}

/** Carries one out, and tells how many rows it changed. */
export async function execute(db: D1Database, one: Statement): Promise<number> {
  const { meta } = await prepare(db, one).run()
  return meta.changes
}

export async function ask<T>(db: D1Database, asked: Query<T>): Promise<T> {
  const { results } = await prepare(db, asked).all()
  return asked.read(results)
}
